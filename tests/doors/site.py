"""A small shop for the door tests: one view for each way in which a page can be made."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import admin
from django.contrib.auth import login, logout
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.urls import include, path

from django_microseg.api import track

PAGE = engines["django"].from_string(
    '{% load microseg %}<main>{% slot "home-hero" %}default hero{% endslot %}'
    '{% segment "buyers" %}for buyers{% else %}for all{% endsegment %}</main>'
)
QUESTION = engines["django"].from_string("{% load microseg %}<main>{% microseg_question %}</main>")
MANY_SLOTS = engines["django"].from_string(
    "{% load microseg %}{% for name in names %}{% slot name %}default{% endslot %}{% endfor %}"
)


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render({}, request))


def question(request: HttpRequest) -> HttpResponse:
    return HttpResponse(QUESTION.render({}, request))


def many_slots(request: HttpRequest) -> HttpResponse:
    names = [f"slot-{number}" for number in range(20)]
    return HttpResponse(MANY_SLOTS.render({"names": names}, request))


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<main>plain</main>")


async def async_home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render({}, request))


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    def parts() -> Iterator[str]:
        yield "<main>"
        yield PAGE.render({}, request)

    return StreamingHttpResponse(parts())


def json(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True})


def missing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>not here</p>", status=404)


def add_to_cart(request: HttpRequest) -> HttpResponse:
    track(request, "product_added", product_id="boot-1", price="20", currency="GBP")
    return HttpResponse("added")


def view_product(request: HttpRequest) -> HttpResponse:
    track(request, "product_viewed", product_id="boot-1", price="20", currency="GBP")
    return HttpResponse("<main>a boot</main>")


def buy(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        user = User.objects.create(username="order-row")
        track(request, "order_completed", order_id="O-1", revenue="20", currency="GBP")
    return HttpResponse(f"ordered {user.username}")


def buy_as_customer(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    track(request, "order_completed", order_id="O-2", revenue="20", currency="GBP")
    return HttpResponse("ordered")


def fail_to_buy(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        track(request, "order_completed", order_id="O-3", revenue="20", currency="GBP")
        raise RuntimeError("no stock")


def page_then_row(request: HttpRequest) -> HttpResponse:
    """The shop writes, our slot is shown, the shop writes again: all in one transaction."""
    with transaction.atomic():
        User.objects.create(username="before")
        page = PAGE.render({}, request)
        User.objects.create(username="after")
    return HttpResponse(page)


def enter(request: HttpRequest, username: str) -> HttpResponse:
    login(request, User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
    return HttpResponse("in")


def leave(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponse("out")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """In place of the example shop's own page, whose links lead into the example shop."""
    return HttpResponse("not found", status=404)


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse("refused", status=403)


urlpatterns = [
    path("", home),
    path("many/", many_slots),
    path("plain/", plain),
    path("question/", question),
    path("async/", async_home),
    path("streamed/", streamed),
    path("json/", json),
    path("missing/", missing),
    path("add/", add_to_cart),
    path("product/", view_product),
    path("buy/", buy),
    path("buy-as-customer/", buy_as_customer),
    path("fail/", fail_to_buy),
    path("page-then-row/", page_then_row),
    path("enter/<str:username>/", enter),
    path("leave/", leave),
    path("admin/", admin.site.urls),
    path("microseg/", include("django_microseg.urls")),
]
