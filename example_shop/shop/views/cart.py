"""The cart: look, add, change, remove. Every change is a POST and ends in a redirect."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from .. import tracking
from ..carts import MOST_OF_ONE_THING, add_to_cart, cart_of, cart_totals, change_quantity, lines_of, open_cart
from ..discounts import quote, totals_with
from ..forms import AddToCartForm, QuantityForm
from ..models import CartLine, Product
from ..picks import season_picks
from ..prices import FREE_DELIVERY_FROM
from .catalogue import _product_page
from .checkout import known_code

__all__ = ["add", "cart", "change"]


@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    current = cart_of(request)
    lines = lines_of(current)
    if current is not None and lines:
        tracking.cart_viewed(request, current, lines)
    discounts = quote(request, lines, code=known_code(request)) if lines else None
    return render(
        request,
        "shop/cart.html",
        {
            "lines": lines,
            "discounts": discounts,
            "totals": totals_with(lines, discounts) if discounts else cart_totals(lines),
            "free_from": FREE_DELIVERY_FROM,
            "quantities": range(1, MOST_OF_ONE_THING + 1),
            "instead": [] if lines else season_picks(timezone.localdate()),
        },
    )


@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    product = get_object_or_404(Product.objects.select_related("category", "brand"), slug=slug)
    form = AddToCartForm(product, request.POST)
    if not form.is_valid():
        return _product_page(request, product, form, status=422)
    wanted = form.cleaned_data["quantity"]
    current = open_cart(request)
    added = add_to_cart(
        current, product, size=form.cleaned_data["size"], colour=form.cleaned_data["colour"], quantity=wanted
    )
    if not added:
        messages.error(request, f"We have no more {product.name} than are in your cart already.")
        return redirect(product)
    tracking.product_added(request, current, product, added)
    if added < wanted:
        messages.info(request, f"We could add only {added} of {wanted}: that is all we have.")
    else:
        messages.success(request, f"{product.name} is in your cart.")
    return redirect("shop:cart")


@require_POST
def change(request: HttpRequest, line_id: int) -> HttpResponse:
    """Set a line's quantity; 0 removes it. A line of someone else's cart does not exist."""
    line = get_object_or_404(
        CartLine.objects.select_related("cart", "product__category", "product__brand"),
        pk=line_id,
        cart=cart_of(request),
    )
    form = QuantityForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Please choose a quantity from 0 to {MOST_OF_ONE_THING}.")
        return redirect("shop:cart")
    asked = form.cleaned_data["quantity"]
    difference = change_quantity(line, asked)
    if difference > 0:
        tracking.product_added(request, line.cart, line.product, difference)
    elif difference < 0:
        tracking.product_removed(request, line.cart, line.product, -difference)
    if asked and line.quantity < asked:
        messages.info(request, f"We have only {line.product.stock} of {line.product.name}.")
    elif asked == 0:
        messages.success(request, f"{line.product.name} was removed.")
    return redirect("shop:cart")
