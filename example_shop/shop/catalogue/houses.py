"""The categories, in the order of the printed catalogue, and the brands. All brands are invented."""

from __future__ import annotations

from .data import BrandData, CategoryData

__all__ = ["BRANDS", "CATEGORIES"]

CATEGORIES: tuple[CategoryData, ...] = (
    CategoryData("trail-shoes", "Trail shoes", "Light shoes with grip, for running and quick days out on the hill."),
    CategoryData("boots", "Boots", "For rough ground, wet ground and winter. Most of these can be resoled."),
    CategoryData(
        "eco-footwear",
        "Eco-friendly footwear",
        "Everyday shoes from recycled, plant-based and reclaimed stuff, with the facts to go with it.",
    ),
    CategoryData("sandals", "Sandals", "For rivers, beaches, campsites and hot pavements."),
    CategoryData("socks", "Socks", "Merino for most of the year, something thinner for July."),
    CategoryData("rucksacks", "Rucksacks", "From a bag for the bus to a pack for a week."),
    CategoryData("jackets", "Jackets", "To keep rain out or warmth in. Rarely both, whatever the label says."),
    CategoryData("bottles-and-lights", "Bottles & lights", "Something to drink from and something to see by."),
)

BRANDS: tuple[BrandData, ...] = (
    BrandData("emberley", "Emberley", "Sheffield, England"),
    BrandData("fernhollow", "Fernhollow", "Porto, Portugal"),
    BrandData("karstwell", "Karstwell", "Montebelluna, Italy"),
    BrandData("nordlee", "Nordlee", "Bergen, Norway"),
    BrandData("packhorse-lane", "Packhorse Lane", "Hebden Bridge, England"),
    BrandData("sandling", "Sandling", "Elche, Spain"),
    BrandData("tarnway", "Tarnway", "Keswick, England"),
    BrandData("woldspun", "Woldspun", "Leicester, England"),
)
