"""What a rule may ask of the moment: where, when and how somebody is here right now.

Pure. Of some the last known value stands in for people who are not here (device, channel, place …); the
others are momentary and unknown without a request.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..collect.arrival import CHANNELS

__all__ = ["CONTEXTS", "Context"]


@dataclass(frozen=True, slots=True)
class Context:
    """``kind``: text (case-folded) or number. ``usual`` are values that a text often has."""

    name: str
    kind: str
    description: str
    example: str
    usual: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None
    is_momentary: bool = True


CONTEXTS: dict[str, Context] = {
    each.name: each
    for each in (
        Context(
            "device", "text", "Kind of device.", 'context.device == "mobile"',
            usual=("mobile", "tablet", "desktop"), is_momentary=False,
        ),
        Context(
            "channel", "text", "Channel of arrival, by campaign, click id or referrer.",
            'context.channel in ("social", "email")', usual=CHANNELS, is_momentary=False,
        ),
        Context(
            "campaign", "text", "Name of the campaign that led here.", "known(context.campaign)", is_momentary=False,
        ),
        Context(
            "country", "text", "Country, as a code of two letters.", 'context.country in ("de", "at", "ch")',
            is_momentary=False,
        ),
        Context("region", "text", "Region of the country.", 'context.region == "by"', is_momentary=False),
        Context("language", "text", "Language of the browser.", 'context.language == "de"', is_momentary=False),
        Context("referrer", "text", "Host of the site that led here.", 'context.referrer == "www.instagram.com"'),
        Context("hour", "number", "Hour on the visitor's clock, 0 to 23.", "20 <= context.hour <= 23", bounds=(0, 23)),
        Context(
            "weekday", "number", "Day of the visitor's week, Monday is 0.", "context.weekday in (5, 6)", bounds=(0, 6),
        ),
        Context("page", "text", "Path of the page's address.", 'context.page == "/checkout/"'),
        Context("weather", "text", "Weather where the visitor is.",
                'context.weather == "rain"', usual=("clear", "cloudy", "rain", "snow")),
        Context("temperature", "number", "Degrees Celsius where the visitor is.", "context.temperature <= 5",
                bounds=(-90, 60)),
        Context("holiday", "text", "Name of today's public holiday where the visitor is.", "known(context.holiday)"),
        Context("local_event", "text", "Name of a fair, match or festival that is on where the visitor is.",
                'context.local_event == "summer fair"'),
        *(
            Context(
                f"consent_{purpose}", "text", f"What the visitor answered when asked for {purpose}.",
                f'context.consent_{purpose} == "yes"', usual=("yes", "no", "unasked"),
            )
            for purpose in ("measurement", "personalisation", "advertising")
        ),
        Context("visit_views", "number", "Pages seen in this visit, this one included.", "context.visit_views >= 10"),
        Context("visit_number", "number", "Which visit this is; the first is 1.", "context.visit_number >= 2"),
    )
}  # fmt: skip
