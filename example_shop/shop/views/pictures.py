"""Pictures as SVG, drawn when first asked for and then kept."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control, cache_page
from django.views.decorators.http import require_safe

from ..models import Product
from ..pictures import LANDSCAPES, draw, landscape

__all__ = ["landscape_picture", "product_picture"]

_DAY = 24 * 60 * 60


def _svg(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="image/svg+xml", headers={"Content-Security-Policy": "default-src 'none'"})


@require_safe
@cache_control(public=True, max_age=_DAY)
@cache_page(_DAY, key_prefix="shop-picture")
def product_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """One product in its first colour, or in `?colour=`; `?view=close` shows what it is made of."""
    product = get_object_or_404(Product.objects.only("colours", "drawing", "material"), slug=slug)
    asked = request.GET.get("colour")
    colour = asked if asked in product.colours else next(iter(product.colours), "stone")
    try:
        return _svg(draw(product.drawing, colour, product.material, is_close=request.GET.get("view") == "close"))
    except KeyError as error:
        raise Http404(f"Nobody has drawn a {product.drawing!r} yet.") from error


@require_safe
@cache_control(public=True, max_age=_DAY)
@cache_page(_DAY, key_prefix="shop-picture")
def landscape_picture(request: HttpRequest, name: str) -> HttpResponse:
    if name not in LANDSCAPES:
        raise Http404(f"There is no landscape {name!r}; there are: {', '.join(LANDSCAPES)}.")
    return _svg(landscape(name))
