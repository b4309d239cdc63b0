"""``{% microseg_beacon %}``; `microseg` registers it.

One script element without inline code, for visitors who have consented and on pages that are not sensitive; for
everybody else nothing at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import FileSystemStorage
from django.template.context import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from django_microseg import conf
from django_microseg.decide.guard import Guard
from django_microseg.decide.of_request import visitor_of
from django_microseg.decide.visitor import Visitor

__all__ = ["FILE", "microseg_beacon", "microseg_product"]

FILE = "django_microseg/beacon.js"
_SOURCE = Path(__file__).resolve().parent.parent / "static" / FILE
_BEACON = Guard("put the beacon on a page", breaker=None)


def microseg_beacon(context: Context, *, views: bool = False) -> str:
    """``{% microseg_beacon %}``, anywhere in the page; ``views=True`` where pages are not made by Django's views."""
    return _BEACON.run(lambda: _element(context, views=views), "")


def microseg_product(product_id: object, **properties: Any) -> str:
    """``<article {% microseg_product product.sku category=… price=… %}>``: says which product an element shows.

    Properties are those of the event `product_viewed`; empty ones are left out. The same for everybody.
    """
    said = {name: value for name, value in properties.items() if value not in (None, "", [])}
    written = json.dumps(said, default=str, separators=(",", ":"))
    return format_html('data-microseg-product="{}" data-microseg-properties="{}"', product_id, written)


def _element(context: Context, *, views: bool) -> str:
    request: Any = context.get("request")
    visitor = visitor_of(request)
    if visitor is None or not _may_be_watched(visitor) or request.path.startswith(tuple(conf.get("SENSITIVE_PATHS"))):
        return ""
    try:
        address = reverse("django_microseg:collect")
    except NoReverseMatch:
        return ""
    nonce = context.get("csp_nonce") or getattr(request, "csp_nonce", "")
    url = static(FILE)
    return format_html(
        '<script src="{}" integrity="{}"{}{} data-collect="{}"{} defer></script>',
        url, integrity(),
        format_html(' crossorigin="anonymous"') if url.startswith(("http:", "https:", "//")) else "",
        format_html(' nonce="{}"', nonce) if nonce else "",
        address, " data-views" if views else "",
    )  # fmt: skip


def _may_be_watched(visitor: Visitor) -> bool:
    """Asks for the consent, so that the page is nobody else's."""
    return bool(visitor.consent.purposes) and visitor.preview is None and bool(visitor.key)


@cache
def integrity() -> str:
    """The hash of the file as it is served: what a storage has collected, or else our own."""
    return f"sha384-{base64.b64encode(hashlib.sha384(_content()).digest()).decode()}"


def _content() -> bytes:
    storage = staticfiles_storage
    if isinstance(storage, FileSystemStorage) and storage.base_location:
        name = getattr(storage, "stored_name", str)(FILE)
        if storage.exists(name):
            with storage.open(name) as served:
                content: bytes = served.read()
            return content
    return _SOURCE.read_bytes()
