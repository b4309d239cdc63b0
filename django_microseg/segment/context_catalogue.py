"""What a rule may ask of the moment: where, when and how somebody is here right now.

Pure. Of some the last known value stands in for people who are not here (device, channel, place …); the
others are momentary and unknown without a request.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CONTEXTS", "Context"]


@dataclass(frozen=True, slots=True)
class Context:
    """``kind``: text (case-folded) or number. ``choices`` are all values a text can have, if few."""

    name: str
    kind: str
    description: str
    example: str
    choices: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None
    is_momentary: bool = True


CONTEXTS: dict[str, Context] = {
    each.name: each
    for each in (
        Context(
            "device", "text", "Kind of device.", 'context.device == "mobile"',
            choices=("mobile", "tablet", "desktop", "tv", "bot"), is_momentary=False,
        ),
        Context(
            "channel", "text", "Channel of arrival, as the campaign or referrer says.",
            'context.channel in ("social", "email")', is_momentary=False,
        ),
        Context(
            "campaign", "text", "Name of the campaign that led here.",
            "known(context.campaign)", is_momentary=False,
        ),
        Context(
            "country", "text", "Country, as a code of two letters.",
            'context.country in ("de", "at", "ch")', is_momentary=False,
        ),
        Context("region", "text", "Region of the country.", 'context.region == "by"', is_momentary=False),
        Context("language", "text", "Preferred language.", 'context.language == "de"', is_momentary=False),
        Context("referrer", "text", "Host of the page before ours.", 'context.referrer == "www.instagram.com"'),
        Context("hour", "number", "Hour of the visitor's day.", "20 <= context.hour <= 23", bounds=(0, 23)),
        Context(
            "weekday", "number", "Day of the visitor's week, Monday is 0.",
            "context.weekday in (5, 6)", bounds=(0, 6),
        ),
        Context("page", "text", "Name of the page's address pattern.", 'context.page == "shop:checkout"'),
        Context("weather", "text", "Weather where the visitor is.", 'context.weather == "rain"'),
        Context("visit_views", "number", "Pages seen in this visit.", "context.visit_views >= 10"),
        Context("visit_number", "number", "Which visit this is, the first is 1.", "context.visit_number >= 2"),
        Context(
            "visitor", "text", "Whether somebody visited or ordered before.",
            'context.visitor == "new"', choices=("new", "returning"),
        ),
    )
}  # fmt: skip
