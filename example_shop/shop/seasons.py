"""Hand-picked sets of products: what the season's pages show, and what goes with what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["COMPLEMENTS", "SEASONS", "TILES", "Season", "season_of"]


@dataclass(frozen=True, slots=True)
class Season:
    name: str
    line: str
    products: tuple[str, ...]


SEASONS: dict[str, Season] = {
    "spring": Season(
        "The spring pages",
        "Lambs, mud, and the first evening that is long enough.",
        ("tarnway-catbells", "karstwell-gordale", "nordlee-bris", "fernhollow-understory"),
    ),
    "summer": Season(
        "The summer pages",
        "Rivers, long ridges, and shoes that like neither.",
        ("sandling-ford", "fernhollow-drift", "emberley-spring", "packhorse-lane-weir"),
    ),
    "autumn": Season(
        "The autumn pages",
        "Low sun, wet leaves, and the good kind of tired.",
        ("karstwell-malham", "nordlee-fjell", "woldspun-walker", "packhorse-lane-cragg"),
    ),
    "winter": Season(
        "The winter pages",
        "Short days are no reason. Cold feet are.",
        ("karstwell-penyghent", "woldspun-fold", "emberley-lucifer", "emberley-hob"),
    ),
}
_MONTHS = (
    "winter",
    "winter",
    "spring",
    "spring",
    "spring",
    "summer",
    "summer",
    "summer",
    "autumn",
    "autumn",
    "autumn",
    "winter",
)

# By category: which product stands for it on the home page, and in which colour.
TILES: dict[str, tuple[str, str]] = {
    "trail-shoes": ("tarnway-catbells", "slate"),
    "boots": ("karstwell-settle", "tan"),
    "eco-footwear": ("fernhollow-drift", "clay"),
    "sandals": ("sandling-ford", "lake"),
    "socks": ("woldspun-byre", "brick"),
    "rucksacks": ("packhorse-lane-stoodley", "moss"),
    "jackets": ("nordlee-dun", "berry"),
    "bottles-and-lights": ("emberley-drover", "pine"),
}

# By category: what one is likely to want next to it.
COMPLEMENTS: dict[str, tuple[str, ...]] = {
    "trail-shoes": ("woldspun-fell", "tarnway-beck-vest", "emberley-glim", "nordlee-bris", "woldspun-liner"),
    "boots": ("woldspun-walker", "woldspun-byre", "packhorse-lane-stoodley", "emberley-hob", "nordlee-fjell"),
    "eco-footwear": (
        "woldspun-remnant",
        "packhorse-lane-stile",
        "emberley-spring",
        "fernhollow-pebble",
        "woldspun-fold",
    ),
    "sandals": ("packhorse-lane-weir", "emberley-spring", "sandling-mill", "woldspun-liner", "packhorse-lane-tow"),
    "socks": ("karstwell-malham", "tarnway-catbells", "fernhollow-hearth", "nordlee-strand", "fernhollow-plain"),
    "rucksacks": ("emberley-spring", "emberley-lucifer", "nordlee-bris", "woldspun-walker", "emberley-enamel"),
    "jackets": ("woldspun-fold", "woldspun-byre", "emberley-hob", "karstwell-settle", "packhorse-lane-cragg"),
    "bottles-and-lights": (
        "packhorse-lane-cragg",
        "emberley-enamel",
        "emberley-drover",
        "emberley-hob",
        "woldspun-walker",
    ),
}


def season_of(day: date) -> Season:
    return SEASONS[_MONTHS[day.month - 1]]
