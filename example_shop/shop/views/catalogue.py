"""Home, category, product and search: the pages to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from .. import tracking
from ..forms import AddToCartForm, ReviewForm
from ..models import Category, Product, Review
from ..picks import complements_of, season_picks
from ..prices import FREE_DELIVERY_FROM
from ..seasons import TILES, season_of
from ..shelf import SORTS, Choice, facets_of, pick

__all__ = ["category", "home", "product", "review", "search"]

# The way in which a link says that it was a recommendation.
RECOMMENDED = "goes-well-with"
_MOST_WORDS = 6


def _products() -> QuerySet[Product]:
    return Product.objects.select_related("category", "brand")


def _tiles() -> list[dict[str, Any]]:
    """Every category with the product that stands for it: the one chosen for it, else its first."""
    products = list(Product.objects.order_by("position"))
    by_slug = {product.slug: product for product in products}
    firsts = {product.category_id: product for product in reversed(products)}
    tiles = []
    for each in Category.objects.annotate(size=Count("products")).order_by("position", "name"):
        slug, colour = TILES.get(each.slug, ("", ""))
        tiles.append({"category": each, "lead": by_slug.get(slug) or firsts.get(each.pk), "colour": colour})
    return tiles


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {"tiles": _tiles(), "season": season_of(today), "collection": season_picks(today)}
    return render(request, "shop/home.html", context)


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    shelf = get_object_or_404(Category, slug=slug)
    choice = Choice.of(request.GET)
    everything = list(_products().filter(category=shelf))
    shown = pick(everything, choice)
    tracking.product_list_viewed(request, shelf, shown)
    return render(
        request,
        "shop/category.html",
        {
            "category": shelf,
            "products": shown,
            "choice": choice,
            "facets": facets_of(everything, choice),
            "sorts": SORTS,
            "size": len(everything),
        },
    )


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    item = get_object_or_404(_products(), slug=slug)
    if request.GET.get("from") == RECOMMENDED:
        tracking.recommendation_clicked(request, item)
    tracking.product_viewed(request, item)
    return _product_page(request, item, AddToCartForm(item))


def _product_page(request: HttpRequest, item: Product, form: AddToCartForm, *, status: int = 200) -> HttpResponse:
    asked = request.GET.get("colour") or form.data.get("colour")
    colour = asked if asked in item.colours else next(iter(item.colours), "")
    reviews = list(item.reviews.all())
    return render(
        request,
        "shop/product.html",
        {
            "product": item,
            "form": form,
            "colour": colour,
            "is_close": request.GET.get("view") == "close",
            "reviews": reviews,
            "rating": sum(review.rating for review in reviews) / len(reviews) if reviews else None,
            "review_form": ReviewForm(),
            "complements": complements_of(item),
            "free_from": FREE_DELIVERY_FROM,
            "recommended": RECOMMENDED,
        },
        status=status,
    )


@login_required(login_url="shop:login")
@require_POST
def review(request: HttpRequest, slug: str) -> HttpResponse:
    item = get_object_or_404(Product, slug=slug)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        messages.error(request, "A review needs a rating and a few words.")
        return redirect(item)
    assert request.user.is_authenticated
    author = request.user.get_short_name() or request.user.get_username()
    written = Review.objects.create(
        product=item, author=author[:60], written_on=timezone.localdate(), **form.cleaned_data
    )
    tracking.product_reviewed(request, written)
    messages.success(request, "Thank you. Your review is on the page.")
    return redirect(item)


def _matching(query: str) -> QuerySet[Product]:
    """Products that have every word somewhere: in their name, brand, category, attributes or description."""
    found = _products()
    for word in query.split()[:_MOST_WORDS]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(brand__name__icontains=word)
            | Q(category__name__icontains=word)
            | Q(attributes__icontains=word)
            | Q(description__icontains=word)
        )
    return found


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    found: list[Product] = []
    if query:
        found = list(_matching(query))
        tracking.products_searched(request, query)
    instead = [] if found else season_picks(timezone.localdate())
    return render(request, "shop/search.html", {"query": query, "products": found, "instead": instead})
