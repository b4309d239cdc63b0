"""The words that sentences about people are made of: what they did, and what it is called.

English here, translated where they are used. Verbs follow "somebody who …"; nouns are plural.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from ..conditions import ConditionType

__all__ = ["EVENT_WORDS", "FIELD_WORDS", "SENTENCE_LABELS", "Labels"]

_Words = "_StrPromise | str"

#: Event -> (what somebody did, what such events are called).
EVENT_WORDS: dict[str, tuple[_StrPromise, _StrPromise]] = {
    "any": (lazy("was active"), lazy("all activities")),
    "cart_changed": (lazy("changed the cart"), lazy("changes of the cart")),
    "session_started": (lazy("began a visit"), lazy("visits")),
    "app_opened": (lazy("opened the app"), lazy("launches of the app")),
    "page_viewed": (lazy("viewed a page"), lazy("page views")),
    "page_dwelled": (lazy("stayed on a page"), lazy("stays on pages")),
    "page_scrolled": (lazy("scrolled a page"), lazy("scrolled pages")),
    "products_searched": (lazy("searched the shop"), lazy("searches")),
    "product_list_viewed": (lazy("viewed a list of products"), lazy("views of product lists")),
    "product_list_filtered": (lazy("filtered a list of products"), lazy("filtered lists")),
    "product_clicked": (lazy("clicked a product"), lazy("clicks on products")),
    "product_viewed": (lazy("viewed a product"), lazy("product views")),
    "product_dwelled": (lazy("stayed on a product's page"), lazy("stays on product pages")),
    "product_hovered": (lazy("pointed at a product"), lazy("pauses over products")),
    "control_hovered": (lazy("paused over a button to buy"), lazy("pauses over buttons to buy")),
    "frustration_noticed": (lazy("clicked in vain"), lazy("clicks in vain")),
    "video_played": (lazy("watched a video"), lazy("videos watched")),
    "recommendation_clicked": (lazy("clicked a recommendation"), lazy("clicks on recommendations")),
    "video_review_viewed": (lazy("watched a video review"), lazy("video reviews watched")),
    "product_added": (lazy("put a product into the cart"), lazy("additions to the cart")),
    "product_removed": (lazy("took a product out of the cart"), lazy("removals from the cart")),
    "cart_updated": (lazy("changed a quantity in the cart"), lazy("changed quantities in the cart")),
    "cart_viewed": (lazy("looked at the cart"), lazy("views of the cart")),
    "cart_shared": (lazy("shared the cart"), lazy("shared carts")),
    "wishlist_product_added": (lazy("put a product on a wish list"), lazy("additions to wish lists")),
    "wishlist_product_removed": (lazy("took a product off a wish list"), lazy("removals from wish lists")),
    "wishlist_product_added_to_cart": (
        lazy("moved a product from a wish list to the cart"),
        lazy("products moved from wish lists to the cart"),
    ),
    "checkout_started": (lazy("began a checkout"), lazy("checkouts begun")),
    "checkout_step_viewed": (lazy("viewed a step of the checkout"), lazy("checkout steps viewed")),
    "checkout_step_completed": (lazy("completed a step of the checkout"), lazy("checkout steps completed")),
    "payment_info_entered": (lazy("entered a way of payment"), lazy("ways of payment entered")),
    "coupon_entered": (lazy("entered a coupon"), lazy("coupons entered")),
    "coupon_applied": (lazy("applied a coupon"), lazy("coupons applied")),
    "coupon_denied": (lazy("was refused a coupon"), lazy("coupons refused")),
    "coupon_removed": (lazy("took a coupon back"), lazy("coupons taken back")),
    "order_completed": (lazy("bought"), lazy("orders")),
    "order_updated": (lazy("changed an order"), lazy("changed orders")),
    "order_cancelled": (lazy("cancelled an order"), lazy("cancelled orders")),
    "order_refunded": (lazy("was refunded an order"), lazy("refunds")),
    "product_purchased": (lazy("bought a product"), lazy("products bought")),
    "email_delivered": (lazy("was sent an e-mail"), lazy("e-mails delivered")),
    "email_opened": (lazy("opened an e-mail"), lazy("e-mails opened")),
    "email_link_clicked": (lazy("clicked a link in an e-mail"), lazy("clicks in e-mails")),
    "email_bounced": (lazy("could not be reached by e-mail"), lazy("bounced e-mails")),
    "email_marked_as_spam": (lazy("marked an e-mail as spam"), lazy("e-mails marked as spam")),
    "email_subscribed": (lazy("subscribed to the newsletter"), lazy("subscriptions to the newsletter")),
    "email_unsubscribed": (lazy("unsubscribed from the newsletter"), lazy("cancelled newsletters")),
    "push_opened": (lazy("opened a push message"), lazy("push messages opened")),
    "push_clicked": (lazy("clicked a push message"), lazy("clicks on push messages")),
    "ad_clicked": (lazy("clicked an advertisement"), lazy("clicks on advertisements")),
    "campaign_responded": (lazy("answered a campaign"), lazy("answers to campaigns")),
    "price_drop_alerted": (lazy("was alerted to a price drop"), lazy("price-drop alerts")),
    "price_drop_alert_clicked": (lazy("followed a price-drop alert"), lazy("price-drop alerts followed")),
    "promotion_viewed": (lazy("viewed a promotion"), lazy("promotions viewed")),
    "promotion_clicked": (lazy("clicked a promotion"), lazy("clicks on promotions")),
    "experiment_viewed": (lazy("was shown a variation of an experiment"), lazy("variations shown")),
    "product_reviewed": (lazy("reviewed a product"), lazy("product reviews")),
    "product_shared": (lazy("shared a product"), lazy("products shared")),
    "social_interacted": (lazy("interacted on a social network"), lazy("interactions on social networks")),
    "nps_answered": (lazy("said how likely they recommend us"), lazy("answers about recommending us")),
    "survey_answered": (lazy("answered a survey"), lazy("answers to surveys")),
    "form_answered": (lazy("answered a question about themselves"), lazy("answers about oneself")),
    "tag_added": (lazy("got a tag"), lazy("tags put on")),
    "tag_removed": (lazy("lost a tag"), lazy("tags taken away")),
    "audience_entered": (lazy("came into an audience"), lazy("entries into audiences")),
    "audience_exited": (lazy("left an audience"), lazy("exits from audiences")),
    "form_skipped": (lazy("would rather not answer a question"), lazy("questions not answered")),
    "loyalty_joined": (lazy("joined the loyalty programme"), lazy("joinings of the loyalty programme")),
    "loyalty_points_earned": (lazy("earned loyalty points"), lazy("earnings of loyalty points")),
    "loyalty_points_spent": (lazy("spent loyalty points"), lazy("uses of loyalty points")),
    "loyalty_tier_changed": (lazy("changed the loyalty tier"), lazy("changes of loyalty tier")),
    "store_visited": (lazy("visited a store"), lazy("visits to stores")),
    "customer_identified": (lazy("told us who they are"), lazy("identifications")),
    "account_joined": (lazy("joined an account"), lazy("joinings of accounts")),
    "customer_merged": (lazy("turned out to be one person"), lazy("merged identities")),
    "logged_in": (lazy("logged in"), lazy("logins")),
    "logged_out": (lazy("logged out"), lazy("logouts")),
    "consent_changed": (lazy("changed their consent"), lazy("changes of consent")),
}

#: Field, fact or context -> (what it is called, the same in the plural).
FIELD_WORDS: dict[str, tuple[_StrPromise, _StrPromise]] = {
    "category": (lazy("category"), lazy("categories")),
    "subcategory": (lazy("subcategory"), lazy("subcategories")),
    "brand": (lazy("brand"), lazy("brands")),
    "product": (lazy("product"), lazy("products")),
    "coupon": (lazy("coupon"), lazy("coupons")),
    "channel": (lazy("channel"), lazy("channels")),
    "campaign": (lazy("campaign"), lazy("campaigns")),
    "device": (lazy("device"), lazy("devices")),
    "country": (lazy("country"), lazy("countries")),
    "region": (lazy("region"), lazy("regions")),
    "language": (lazy("language"), lazy("languages")),
    "order": (lazy("order"), lazy("orders")),
    "visit": (lazy("visit"), lazy("visits")),
    "source": (lazy("source"), lazy("sources")),
    "quantity": (lazy("quantity"), lazy("quantities")),
    "value": (lazy("value"), lazy("values")),
    "dwell_seconds": (lazy("time in sight"), lazy("times in sight")),
    "hover_seconds": (lazy("time pointed at"), lazy("times pointed at")),
    "watched_seconds": (lazy("time watched"), lazy("times watched")),
    "depth_percent": (lazy("scroll depth"), lazy("scroll depths")),
}


@dataclass(frozen=True, slots=True)
class Labels:
    """Words of this shop: its own events, names of segments and figures, its currency, its conditions.

    ``events`` maps to (what somebody did, what such events are called).
    """

    events: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    population: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, ConditionType] = field(default_factory=dict)
    currency: str = ""

    def verb(self, event: str) -> str:
        """What somebody did."""
        if event in self.events:
            return self.events[event][0]
        return str(EVENT_WORDS[event][0]) if event in EVENT_WORDS else _("did “%(name)s”") % {"name": event}

    def nouns(self, event: str) -> str:
        """What such events are called."""
        if event in self.events:
            return self.events[event][1]
        return str(EVENT_WORDS[event][1]) if event in EVENT_WORDS else _("events “%(name)s”") % {"name": event}

    def field_name(self, name: str) -> str:
        if name in self.fields:
            return self.fields[name]
        return str(FIELD_WORDS[name][0]) if name in FIELD_WORDS else name.replace("_", " ")

    def field_names(self, name: str) -> str:
        return str(FIELD_WORDS[name][1]) if name in FIELD_WORDS else self.field_name(name)


#: Without any words of the shop's own.
SENTENCE_LABELS = Labels()
