"""The account: register, orders, cancelling and refunding, and what the customer tells us about herself."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from .. import tracking
from ..forms import DetailsForm, RegisterForm
from ..loyalty import TIERS, standing_of
from ..models import CustomerProfile, Order
from ..orders import cancel_order, may_cancel, may_refund, refund_order

__all__ = ["account", "cancel", "details", "order", "refund", "register"]

_signed_in = login_required(login_url="shop:login")


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("shop:account")
    form = RegisterForm(request.POST or None)
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if form.is_valid():
        user = form.save()
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        tracking.customer_identified(request)
        messages.success(request, "Your account is ready.")
        is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
        return redirect(wanted if is_ours else "shop:account")
    status = 422 if form.errors else 200
    return render(request, "shop/register.html", {"form": form, "next": wanted}, status=status)


def _me(request: HttpRequest) -> User:
    assert request.user.is_authenticated  # the decorator has seen to it
    return request.user


def _customer(request: HttpRequest) -> CustomerProfile:
    """The details of the signed-in account; unsaved ones where there are none yet, for a page view writes nothing."""
    user = _me(request)
    return CustomerProfile.objects.filter(user=user).first() or CustomerProfile(user=user)


@_signed_in
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    orders = list(Order.objects.filter(user=_me(request)).prefetch_related("lines"))
    context = {
        "orders": orders,
        "standing": standing_of(orders, timezone.now()),
        "tiers": TIERS,
        "customer": _customer(request),
    }
    return render(request, "shop/account.html", context)


@_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    form = DetailsForm(request.POST or None, instance=_customer(request))
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("shop:account")
    return render(request, "shop/details.html", {"form": form}, status=422 if form.errors else 200)


def _own_order(request: HttpRequest, number: str) -> Order:
    return get_object_or_404(Order.objects.prefetch_related("lines"), number=number, user=_me(request))


@_signed_in
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    current, now = _own_order(request, number), timezone.now()
    context = {"order": current, "may_cancel": may_cancel(current, now), "may_refund": may_refund(current, now)}
    return render(request, "shop/order.html", context)


@_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    return _undo(request, number, "cancel", may_cancel, cancel_order, tracking.order_cancelled)


@_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, number: str) -> HttpResponse:
    return _undo(request, number, "refund", may_refund, refund_order, tracking.order_refunded)


def _undo(
    request: HttpRequest,
    number: str,
    deed: str,
    may: Callable[..., bool],
    undo: Callable[..., bool],
    tell: Callable[[HttpRequest, Order], None],
) -> HttpResponse:
    """Ask first, then do it; say so only if it was this request that did it."""
    current, now = _own_order(request, number), timezone.now()
    if not may(current, now):
        messages.error(
            request, f"Order {current.number} can no longer be changed. It is {current.get_status_display().lower()}."
        )
        return redirect(current)
    if request.method != "POST":
        return render(request, "shop/undo_order.html", {"order": current, "deed": deed})
    if undo(current, now):
        tell(request, current)
        messages.success(request, f"Order {current.number} is {current.get_status_display().lower()}.")
    return redirect(current)
