"""Checkout on one page, and the thank-you after it. No payment is taken: this is an example."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from .. import tracking
from ..carts import cart_of, lines_of
from ..discounts import Discounts, claim, is_refused, next_code, quote, totals_with
from ..forms import CheckoutForm
from ..models import Cart, CartLine, Order
from ..orders import CannotPlaceOrder, DiscountGone, Recipient, place_order
from ..prices import FREE_DELIVERY_FROM

__all__ = ["checkout", "known_code", "thank_you"]

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
    quoted = quote(request, lines, email=known.get("email", ""), code=known_code(request))
    tracking.checkout_started(request, lines, totals_with(lines, quoted), quoted.code)
    return _page(request, lines, CheckoutForm(initial=known | {"coupon": quoted.code}), quoted)


def known_code(request: HttpRequest) -> str:
    """The code that was applied in this session."""
    return str(request.session.get(_COUPON, ""))


def _submitted(request: HttpRequest, cart: Cart, lines: list[CartLine]) -> HttpResponse:
    """Apply the coupon, or place the order.

    Enter in a field places the order only when no coupon was just typed, so nobody orders without the discount she
    asked for. Nor does anybody pay more than the page has said.
    """
    form = CheckoutForm(request.POST)
    form.full_clean()
    action, typed = request.POST.get("action"), request.POST.get("coupon", "").strip()
    is_new = typed.upper() != known_code(request)
    quoted = quote(request, lines, email=request.POST.get("email", ""), code=typed)
    _remember(request, quoted.code)
    if is_new and quoted.code:
        label = next(line.label for line in quoted if line.code)
        tracking.coupon_applied(request, cart, quoted.code, label, totals_with(lines, quoted))
    refusal = quoted.reason if is_refused(quoted) else ""
    if refusal:
        form.add_error("coupon", refusal)
    if action == "coupon" or (action != "order" and is_new):
        return _page(request, lines, _only_coupon_judged(form), quoted, status=422 if refusal else 200)
    if not form.is_valid():
        return _page(request, lines, form, quoted, status=422)
    if _was_shown_less(request, lines, quoted):
        messages.error(request, "The total has changed since you saw it. Please look at it again.")
        return _page(request, lines, form, quoted, status=422)
    return _ordered(request, cart, form, quoted)


def _was_shown_less(request: HttpRequest, lines: list[CartLine], quoted: Discounts) -> bool:
    """Whether the page had said a lower total than it is now: an offer has ended, or a price has risen."""
    try:
        shown = Decimal(request.POST.get("shown_total", "Infinity"))
    except InvalidOperation:
        return False
    return not shown.is_nan() and totals_with(lines, quoted).total > shown


def _remember(request: HttpRequest, code: str) -> None:
    if code:
        request.session[_COUPON] = code
    else:
        request.session.pop(_COUPON, None)


def _only_coupon_judged(form: CheckoutForm) -> CheckoutForm:
    """Who applies a coupon has not finished the address yet; only what is wrong with the coupon is said."""
    for name in set(form.errors) - {"coupon"}:
        del form.errors[name]
    return form


def _ordered(request: HttpRequest, cart: Cart, form: CheckoutForm, quoted: Discounts) -> HttpResponse:
    told = form.cleaned_data
    recipient = Recipient(
        email=told["email"],
        full_name=told["full_name"],
        address=told["address"],
        town=told["town"],
        postcode=told["postcode"],
        country=told["country"],
    )

    def claim_for(number: str, subtotal: Decimal) -> Discounts:
        return claim(request, number=number, email=recipient.email, code=quoted.code, subtotal=subtotal)

    try:
        order = place_order(
            cart, request.user, recipient, claim=claim_for, quoted=quoted.total.amount, now=timezone.now()
        )
    except DiscountGone as error:
        messages.error(request, f"{error} Please look at the total again before you order.")
        return redirect("shop:checkout")
    except CannotPlaceOrder as error:
        messages.error(request, str(error))
        return redirect("shop:cart")
    _remember(request, "")
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


def _page(
    request: HttpRequest, lines: list[CartLine], form: CheckoutForm, quoted: Discounts, *, status: int = 200
) -> HttpResponse:
    wrong = [field for field in form if field.errors]
    context = {
        "form": form,
        "wrong": wrong,
        "lines": lines,
        "totals": totals_with(lines, quoted),
        "discounts": quoted,
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
    assert order is not None
    return render(request, "shop/thank_you.html", {"order": order, "next_code": next_code(request, order)})
