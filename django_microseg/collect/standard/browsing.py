"""Events of looking around: pages, lists, products, searches. Pure data."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ..event_properties import PAGE, PRODUCT, PRODUCT_LIST
from ..event_type import EventType, Property

__all__ = ["BROWSING"]

_VALUE = ("value", "price")
_DWELL = Property("dwell_seconds", "number", "seconds in sight", is_required=True)
_seen = partial(EventType, topic="browsing", is_public=True)
_product_seen = partial(_seen, value_from=_VALUE)


BROWSING = (
    _seen("session_started", "A visit began.", aliases=("session_start",)),
    _seen("app_opened", "The shop's app was opened.", aliases=("application_opened",)),
    _seen(
        "page_viewed", "A page was seen.", PAGE, aliases=("page", "page_view", "screen", "screen_view", "viewed_page")
    ),
    _seen("page_dwelled", "A page was in sight for a time.", (*PAGE, _DWELL), measure="dwell_seconds"),
    _seen(
        "page_scrolled",
        "A page was scrolled; how deep, in percent.",
        (
            *PAGE,
            Property("depth_percent", "number", "deepest point reached", is_required=True),
            Property("pixels_per_second", "number", "how fast"),
        ),
        measure="depth_percent",
        aliases=("scroll",),
    ),
    _seen(
        "products_searched",
        "The shop was searched.",
        (
            Property("query", "any", "what was searched for", label="query", aliases=("search_term",)),
            Property("results", "number", "how many were found", aliases=("result_count",)),
            PAGE[2],
        ),
        measure="results",
        aliases=("search", "view_search_results", "searched_products"),
    ),
    _seen(
        "product_list_viewed",
        "A category or list was seen.",
        PRODUCT_LIST,
        aliases=("view_item_list", "viewed_product_category", "product_category_viewed"),
    ),
    _seen(
        "product_list_filtered",
        "A list was filtered or sorted.",
        (
            *PRODUCT_LIST,
            Property("filters", "any", "type and value of each filter"),
            Property("sorts", "any", "type and value of each order"),
        ),
        aliases=("filtered_product_list",),
    ),
    _seen(
        "product_clicked",
        "A product in a list was clicked.",
        PRODUCT,
        value_from=_VALUE,
        lines="product_clicked",
        aliases=("select_item", "clicked_product"),
    ),
    _seen(
        "product_viewed",
        "A product's page was seen.",
        PRODUCT,
        value_from=_VALUE,
        lines="product_viewed",
        aliases=("view_item", "viewed_product"),
    ),
    _seen(
        "product_dwelled",
        "A product's page was in sight for a time.",
        (*PRODUCT, _DWELL),
        measure="dwell_seconds",
        value_from=_VALUE,
    ),
    _seen(
        "product_hovered",
        "The pointer rested on a product.",
        (*PRODUCT, Property("hover_seconds", "number", "seconds", is_required=True)),
        measure="hover_seconds",
        value_from=_VALUE,
    ),
    _seen(
        "control_hovered",
        "The pointer rested on a button that leads to buying.",
        (
            Property("control", "text", "which one, such as buy or checkout", is_required=True, label="control"),
            replace(PRODUCT[0], is_required=False),
            Property("hover_seconds", "number", "seconds", is_required=True),
        ),
        measure="hover_seconds",
    ),
    _seen(
        "frustration_noticed",
        "Clicks were in vain: many at one spot, one that did nothing, or one that ended in an error.",
        (
            Property("kind", "text", "rage, dead or error", is_required=True, label="kind"),
            Property("target", "text", "what was clicked"),
            Property("clicks", "number", "how many"),
            *PAGE,
        ),
        measure="clicks",
    ),
    _seen(
        "recommendation_clicked",
        "A recommended product was clicked.",
        (
            *PRODUCT,
            Property("placement", "text", "where it was recommended", label="placement"),
            Property("algorithm", "text", "by what it was chosen", label="algorithm"),
        ),
        value_from=_VALUE,
    ),
    _seen(
        "video_review_viewed",
        "A video review of a product was watched.",
        (
            *PRODUCT,
            Property("video_id", "text", "id of the video", label="video"),
            Property("watched_seconds", "number", "seconds watched"),
        ),
        measure="watched_seconds",
        value_from=_VALUE,
    ),
    _seen(
        "video_played",
        "A video was watched that is no review of a product.",
        (
            Property("video_id", "text", "id of the video", is_required=True, label="video"),
            Property("watched_seconds", "number", "seconds watched"),
            *PAGE,
        ),
        measure="watched_seconds",
    ),
)
