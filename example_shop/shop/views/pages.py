"""Pages that only say something."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..prices import DELIVERY_FEE, FREE_DELIVERY_FROM

__all__ = ["about", "preferences", "privacy"]


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/about.html", {"fee": DELIVERY_FEE, "free_from": FREE_DELIVERY_FROM})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/privacy.html")


@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/preferences.html")
