"""Checkout on one page, and the thank-you after it. No payment is taken: this is an example."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from .. import tracking
from ..carts import cart_of, cart_totals, lines_of
from ..coupons import Coupon, coupon_for, refusal_of
from ..forms import CheckoutForm
from ..models import Cart, CartLine, Order
from ..orders import CannotPlaceOrder, Recipient, place_order
from ..prices import FREE_DELIVERY_FROM, Totals

__all__ = ["checkout", "thank_you"]

_COUPON = "shop_coupon"
_LAST_ORDER = "shop_last_order"


@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    cart = cart_of(request)
    lines = lines_of(cart)
    if cart is None or not lines:
        messages.info(request, "There is nothing in your cart yet.")
        return redirect("shop:cart")
    if request.method == "POST":
        return _submitted(request, cart, lines)
    known = _known(request)
    coupon, _ = _judged(request, request.session.get(_COUPON, ""), known.get("email", ""))
    tracking.checkout_started(request, lines, _totals(lines, coupon), coupon)
    return _page(request, lines, CheckoutForm(initial=known | {"coupon": coupon.code if coupon else ""}), coupon)


def _submitted(request: HttpRequest, cart: Cart, lines: list[CartLine]) -> HttpResponse:
    """Apply the coupon, or place the order.

    Enter in a field places the order only when no coupon was just typed, so nobody orders without the discount she
    asked for.
    """
    form = CheckoutForm(request.POST)
    form.full_clean()
    action, typed = request.POST.get("action"), request.POST.get("coupon", "").strip()
    is_new = typed.upper() != request.session.get(_COUPON, "")
    coupon, refusal = _judged(request, typed, request.POST.get("email", ""))
    _remember(request, coupon)
    if coupon and is_new:
        tracking.coupon_applied(request, cart, coupon, _totals(lines, coupon))
    if refusal:
        form.add_error("coupon", refusal)
    if action == "coupon" or (action != "order" and is_new):
        return _page(request, lines, _only_coupon_judged(form), coupon, status=422 if refusal else 200)
    if form.is_valid():
        return _ordered(request, cart, form, coupon)
    return _page(request, lines, form, coupon, status=422)


def _judged(request: HttpRequest, typed: str, email: str) -> tuple[Coupon | None, str]:
    """The coupon that may be used, or why it may not."""
    if not typed:
        return None, ""
    coupon = coupon_for(typed)
    if coupon is None:
        return None, f"We know no coupon {typed[:20]}. Please check the spelling."
    refusal = refusal_of(coupon, request.user, email)
    return (None, refusal) if refusal else (coupon, "")


def _remember(request: HttpRequest, coupon: Coupon | None) -> None:
    if coupon:
        request.session[_COUPON] = coupon.code
    else:
        request.session.pop(_COUPON, None)


def _only_coupon_judged(form: CheckoutForm) -> CheckoutForm:
    """Who applies a coupon has not finished the address yet; only what is wrong with the coupon is said."""
    for name in set(form.errors) - {"coupon"}:
        del form.errors[name]
    return form


def _ordered(request: HttpRequest, cart: Cart, form: CheckoutForm, coupon: Coupon | None) -> HttpResponse:
    told = form.cleaned_data
    recipient = Recipient(
        email=told["email"],
        full_name=told["full_name"],
        address=told["address"],
        town=told["town"],
        postcode=told["postcode"],
        country=told["country"],
    )
    try:
        order = place_order(cart, request.user, recipient, coupon=coupon, now=timezone.now())
    except CannotPlaceOrder as error:
        messages.error(request, str(error))
        return redirect("shop:cart")
    _remember(request, None)
    request.session[_LAST_ORDER] = order.number
    tracking.order_completed(request, order)
    return redirect("shop:thank-you", number=order.number)


def _known(request: HttpRequest) -> dict[str, Any]:
    """What we can fill in: the last order's address, else what the account says."""
    if not request.user.is_authenticated:
        return {"country": "GB"}
    last = Order.objects.filter(user_id=request.user.pk).first()
    if last is None:
        return {"country": "GB", "email": request.user.email, "full_name": request.user.get_full_name()}
    return {name: getattr(last, name) for name in ("email", "full_name", "address", "town", "postcode", "country")}


def _totals(lines: list[CartLine], coupon: Coupon | None) -> Totals:
    return cart_totals(lines, discount_percent=coupon.discount_percent if coupon else 0)


def _page(
    request: HttpRequest, lines: list[CartLine], form: CheckoutForm, coupon: Coupon | None, *, status: int = 200
) -> HttpResponse:
    wrong = [field for field in form if field.errors]
    context = {
        "form": form,
        "wrong": wrong,
        "lines": lines,
        "totals": _totals(lines, coupon),
        "coupon": coupon,
        "free_from": FREE_DELIVERY_FROM,
    }
    return render(request, "shop/checkout.html", context, status=status)


@require_safe
def thank_you(request: HttpRequest, number: str) -> HttpResponse:
    """Shown to whoever just placed this order, and to its account."""
    order = Order.objects.filter(number=number).prefetch_related("lines").first()
    is_theirs = order is not None and (
        request.session.get(_LAST_ORDER) == number
        or (request.user.is_authenticated and order.user_id == request.user.pk)
    )
    if not is_theirs:
        raise Http404("There is no such order here.")
    return render(request, "shop/thank_you.html", {"order": order})
