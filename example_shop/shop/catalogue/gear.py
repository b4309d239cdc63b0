"""What one carries, wears over the rest, drinks from and sees by: rucksacks, jackets, bottles and lights."""

from __future__ import annotations

from decimal import Decimal

from .data import ProductData

__all__ = ["GEAR"]

_COAT = ("XS", "S", "M", "L", "XL", "XXL")
_BACK = ("S/M", "M/L")

GEAR: tuple[ProductData, ...] = (
    # ---- rucksacks
    ProductData(
        "RU-601", "packhorse-lane-cragg", "Cragg 22", "rucksacks", "packhorse-lane", Decimal("94.00"), 42, "2024-02-26",
        "daypack", "canvas", ("ochre", "slate", "pine"), (), ("repairable",),
        "A day sack with one lid, one pocket and one zip that we repair free of charge. Holds a coat, lunch, a flask and a map you can find.",
        ("22 litres, 780 g", "Waxed cotton lid", "Repaired for life in Hebden Bridge"),
    ),
    ProductData(
        "RU-602", "packhorse-lane-stoodley", "Stoodley 45", "rucksacks", "packhorse-lane", Decimal("178.00"), 21, "2023-06-12",
        "trek_pack", "ripstop", ("moss", "ink"), _BACK, ("repairable", "waterproof"),
        "For two nights or four careful ones. The back length adjusts, the hip belt carries, and the bottom opens by itself so the sleeping bag need not come out last.",
        ("45 litres, 1,420 g", "Two back lengths", "Rain cover included"),
    ),
    ProductData(
        "RU-603", "packhorse-lane-weir", "Weir Roll-top", "rucksacks", "packhorse-lane", Decimal("112.00"), 34, "2024-08-05",
        "rolltop", "ripstop", ("lake", "charcoal", "rust"), (), ("waterproof", "recycled", "eco-friendly"),
        "Welded, not sewn, so it keeps water out on a bicycle or in a canoe. From recycled tarpaulin cloth. It is a sack: it has no pockets inside.",
        ("26 litres, 690 g", "Welded seams", "Cloth 80 % recycled"),
    ),
    ProductData(
        "RU-604", "packhorse-lane-tow", "Towpath 14", "rucksacks", "packhorse-lane", Decimal("72.00"), 55, "2025-01-13",
        "daypack", "canvas", ("brick", "oat", "ink"), (), ("eco-friendly", "vegan"),
        "A small square bag for the bus. A sleeve for a laptop, a loop for a lamp, and straps from old seat belts.",
        ("14 litres, 520 g", "Organic canvas", "Fits a 14 inch laptop"),
    ),
    ProductData(
        "RU-605", "tarnway-beck-vest", "Beck Running Vest", "rucksacks", "tarnway", Decimal("88.00"), 24, "2025-03-03",
        "run_vest", "mesh", ("clay", "slate"), _COAT, ("lightweight", "vegan"),
        "Eight litres that do not bounce. Two soft flasks in front, poles behind, a whistle on the strap as race rules ask.",
        ("210 g without flasks", "8 litres", "Two 500 ml flasks included"),
    ),
    ProductData(
        "RU-606", "packhorse-lane-stile", "Stile Hip Bag", "rucksacks", "packhorse-lane", Decimal("46.00"), 60, "2024-06-17",
        "hip_pack", "canvas", ("rust", "moss", "charcoal"), (), ("recycled", "eco-friendly", "lightweight"),
        "Three litres for keys, a sandwich and a thin jacket. Cut from what is left of the roll after the big packs.",
        ("3 litres, 180 g", "Offcut canvas", "Belt fits 70 to 120 cm"),
    ),
    # ---- jackets
    ProductData(
        "JA-701", "nordlee-fjell", "Fjell Shell", "jackets", "nordlee", Decimal("245.00"), 28, "2024-09-09",
        "shell", "ripstop", ("lake", "ochre", "ink"), _COAT, ("waterproof", "pfas-free", "eco-friendly"),
        "Three layers, no fluorocarbons, a hood that turns with your head. Our staff wore it through a Bergen autumn, which is the test.",
        ("20,000 mm, 430 g in M", "PFAS-free", "Pit zips"),
    ),
    ProductData(
        "JA-702", "nordlee-vidde", "Vidde Anorak", "jackets", "nordlee", Decimal("168.00"), 23, "2023-10-02",
        "anorak", "canvas", ("moss", "brick"), _COAT, ("repairable", "wool"),
        "A smock of tight cotton with a map pocket in front. Windproof and quiet; it will wet out in an hour of rain and dry by the fire.",
        ("Cotton and wool", "610 g in M", "Wax it or leave it"),
    ),
    ProductData(
        "JA-703", "nordlee-bris", "Bris Windshirt", "jackets", "nordlee", Decimal("96.00"), 37, "2025-04-14",
        "shell", "ripstop", ("sky", "clay"), _COAT, ("lightweight", "recycled"),
        "Ninety-eight grams that live at the bottom of a bag until the ridge. It stops wind and a few minutes of drizzle.",
        ("98 g in M", "Recycled polyamide", "Packs into its own pocket"),
    ),
    ProductData(
        "JA-704", "woldspun-fold", "Fold Fleece", "jackets", "woldspun", Decimal("118.00"), 41, "2022-10-10",
        "fleece", "wool", ("oat", "pine", "rust"), _COAT, ("wool", "plastic-free", "eco-friendly"),
        "A fleece made from a fleece: boiled British wool with horn buttons. It sheds no plastic into the wash and smells of sheep only when wet.",
        ("100 % British wool", "720 g in M", "Brush, do not wash"),
    ),
    ProductData(
        "JA-705", "nordlee-dun", "Dun Gilet", "jackets", "nordlee", Decimal("134.00"), 30, "2024-10-21",
        "gilet", "quilt", ("slate", "berry", "moss"), _COAT, ("insulated", "recycled"),
        "Recycled down, reclaimed from old duvets and washed in Norway. Under a shell in January, over a shirt in March.",
        ("310 g in M", "Recycled down, 650 fill", "Two inside pockets"),
    ),
    ProductData(
        "JA-706", "nordlee-varde", "Varde Parka", "jackets", "nordlee", Decimal("289.00"), 12, "2024-11-11",
        "parka", "quilt", ("ink", "chestnut"), _COAT, ("insulated", "waterproof"),
        "For standing still in the cold: touchlines, platforms, northern lights. Too warm to walk in, and we would rather you knew.",
        ("1,150 g in M", "Waterproof to 10,000 mm", "Hood comes off"),
    ),
    # ---- bottles and lights
    ProductData(
        "BL-801", "emberley-spring", "Spring Bottle 0.75", "bottles-and-lights", "emberley", Decimal("24.00"), 130, "2023-01-16",
        "bottle", "steel", ("moss", "clay", "sky"), (), ("plastic-free",),
        "One wall of steel, one lid, no plastic touching the water. It dents, and goes on working.",
        ("750 ml, 210 g", "18/8 steel", "Spare lids for £4"),
    ),
    ProductData(
        "BL-802", "emberley-hob", "Hob Flask 1.0", "bottles-and-lights", "emberley", Decimal("38.00"), 66, "2022-11-07",
        "flask", "steel", ("pine", "brick", "stone"), (), ("plastic-free", "repairable"),
        "Tea at six in the morning is still tea at four. The lid is the cup; the handle folds flat; every seal can be bought again.",
        ("1 litre, 590 g", "Hot for 20 hours", "Steel cup"),
    ),
    ProductData(
        "BL-803", "emberley-enamel", "Enamel Mug", "bottles-and-lights", "emberley", Decimal("14.00"), 95, "2021-05-17",
        "mug", "enamel", ("cream", "lake", "brick"), (), ("plastic-free",),
        "It chips. That is part of it. Good on a stove, in a sink and on a desk.",
        ("350 ml, 140 g", "Enamelled steel", "Not for the microwave"),
    ),
    ProductData(
        "BL-804", "emberley-lucifer", "Lucifer 400", "bottles-and-lights", "emberley", Decimal("52.00"), 73, "2024-09-23",
        "head_torch", "webbing", ("ochre", "slate"), (), ("waterproof", "rechargeable"),
        "A head torch with one button. Press for light, hold for less. Charges by USB-C and takes AAA cells when you forgot to.",
        ("400 lumens, 86 g", "5 to 110 hours", "Works with three AAA"),
    ),
    ProductData(
        "BL-805", "emberley-glim", "Glim 150", "bottles-and-lights", "emberley", Decimal("28.00"), 88, "2024-01-29",
        "head_torch", "webbing", ("sky", "brick"), (), ("lightweight", "rechargeable"),
        "The small one, for tents and bins on Tuesdays. It weighs less than an egg.",
        ("150 lumens, 42 g", "4 to 60 hours", "USB-C"),
    ),
    ProductData(
        "BL-806", "emberley-drover", "Drover Lantern", "bottles-and-lights", "emberley", Decimal("59.00"), 5, "2023-11-13",
        "lantern", "steel", ("pine", "rust"), (), ("rechargeable", "repairable"),
        "A lantern for a table in the garden: warm light, dimmed by turning the top. The battery is a common size and can be changed with a coin.",
        ("8 to 300 lumens", "Warm white, 2,700 K", "Battery 18650, replaceable"),
    ),
    ProductData(
        "BL-807", "emberley-lamplighter", "Lamplighter Torch", "bottles-and-lights", "emberley", Decimal("44.00"), 49, "2025-02-03",
        "hand_torch", "steel", ("ink", "brick"), (), ("waterproof", "rechargeable", "repairable"),
        "A hand torch turned from aluminium, with a beam for finding the path and a wide light for finding keys.",
        ("600 lumens, 128 g", "Waterproof to 2 m", "Glass can be replaced"),
    ),
)
