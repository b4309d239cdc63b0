"""Events of mails, push messages, ads, promotions and experiments. Pure data."""

from __future__ import annotations

from functools import partial

from ..event_properties import CAMPAIGN, EMAIL, EXPERIMENT, PRODUCT, PROMOTION, PUSH
from ..event_type import EventType, Property

__all__ = ["MESSAGES"]

_VALUE = ("value", "price")
_mail = partial(EventType, topic="e-mail")
_push = partial(EventType, topic="push and ads")


MESSAGES = (
    _mail("email_delivered", "A mail arrived.", EMAIL),
    _mail("email_opened", "A mail was opened.", EMAIL),
    _mail("email_link_clicked", "A link in a mail was clicked.", EMAIL, aliases=("email_clicked",)),
    _mail("email_bounced", "A mail came back.", EMAIL),
    _mail("email_marked_as_spam", "A mail was called spam.", EMAIL),
    _mail("email_subscribed", "Somebody asked for the newsletter.", EMAIL, aliases=("subscribed",)),
    _mail("email_unsubscribed", "Somebody wants no more newsletters.", EMAIL, aliases=("unsubscribed",)),
    _push(
        "push_opened",
        "A push message was opened.",
        PUSH,
        aliases=("push_notification_opened", "push_notification_tapped"),
    ),
    _push("push_clicked", "A push message was clicked.", PUSH, aliases=("push_notification_clicked",)),
    _push(
        "ad_clicked",
        "An advertisement was clicked.",
        (
            *CAMPAIGN,
            Property("network", "text", "where the ad ran", label="network"),
            Property("ad_id", "text", "id of the ad", label="ad"),
            Property("keyword", "text", "the word that was bid for", label="keyword"),
        ),
        is_public=True,
    ),
    _push(
        "campaign_responded",
        "Somebody answered a campaign.",
        (*CAMPAIGN, Property("response", "text", "what the answer was", label="response")),
    ),
    _push("price_drop_alerted", "Somebody was told that a product became cheaper.", PRODUCT, value_from=_VALUE),
    _push("price_drop_alert_clicked", "Somebody followed such a message.", PRODUCT, value_from=_VALUE, is_public=True),
    _push(
        "promotion_viewed",
        "A promotion was seen.",
        PROMOTION,
        is_public=True,
        aliases=("view_promotion", "viewed_promotion"),
    ),
    _push(
        "promotion_clicked",
        "A promotion was clicked.",
        PROMOTION,
        is_public=True,
        aliases=("select_promotion", "clicked_promotion"),
    ),
    _push(
        "experiment_viewed",
        "A variation of an experiment was seen.",
        EXPERIMENT,
        is_public=True,
        aliases=("viewed_experiment", "experience_impression"),
    ),
)
