"""What goes on feet: trail shoes, boots, eco-friendly footwear, sandals and socks."""

from __future__ import annotations

from decimal import Decimal

from .data import ProductData

__all__ = ["FOOTWEAR"]

_SHOE = ("4", "5", "6", "7", "8", "9", "10", "11", "12")
_HALF = ("4", "5", "6", "6.5", "7", "7.5", "8", "8.5", "9", "10", "11")
_SOCK = ("3 to 5", "6 to 8", "9 to 11")

FOOTWEAR: tuple[ProductData, ...] = (
    # ---- trail shoes
    ProductData(
        "TS-101", "tarnway-catbells", "Catbells", "trail-shoes", "tarnway", Decimal("98.00"), 64, "2025-02-17",
        "trail_shoe", "mesh", ("rust", "slate", "moss"), _HALF, ("lightweight", "vegan"),
        "Our first choice for most people on most paths. Enough cushion for a long Sunday, enough grip for wet grass, and it bends where "
        "a foot bends. It is not the shoe for scree.",
        ("268 g in size 8", "6 mm drop, 5 mm lugs", "Removable cork insole", "Laces tuck into a pocket on the tongue"),
    ),
    ProductData(
        "TS-102", "tarnway-sharp-edge", "Sharp Edge", "trail-shoes", "tarnway", Decimal("124.00"), 31, "2025-03-10",
        "trail_shoe", "ripstop", ("ink", "ochre"), _HALF, ("lightweight",),
        "A close, low shoe for fell races and steep ground. Seven-millimetre lugs bite into peat and let it go again. On tarmac they "
        "wear fast, so drive to the start.",
        ("232 g in size 8", "4 mm drop, 7 mm lugs", "Rand of tough rubber all the way round"),
    ),
    ProductData(
        "TS-103", "tarnway-long-meg", "Long Meg", "trail-shoes", "tarnway", Decimal("139.00"), 22, "2024-09-02",
        "trail_shoe", "mesh", ("lake", "clay"), _SHOE, ("wide-fit",),
        "Made for the second half of an ultra, when feet have grown by a size. A broad toe box, a rocker underneath and the softest "
        "foam we sell.",
        ("301 g in size 8", "5 mm drop, 4 mm lugs", "Stack 34 mm at the heel"),
    ),
    ProductData(
        "TS-104", "tarnway-sourmilk", "Sourmilk GTX-free", "trail-shoes", "tarnway", Decimal("132.00"), 40, "2024-10-14",
        "trail_shoe", "ripstop", ("pine", "stone"), _SHOE, ("waterproof", "eco-friendly", "pfas-free"),
        "A waterproof trail shoe without fluorocarbons. The membrane is polyurethane, the finish is wax. It needs proofing again after a "
        "winter; we put a sachet in the box.",
        ("318 g in size 8", "PFAS-free membrane", "Gusseted tongue keeps grit out"),
    ),
    ProductData(
        "TS-105", "fernhollow-understory", "Understory", "trail-shoes", "fernhollow", Decimal("112.00"), 27, "2025-04-07",
        "trail_shoe", "knit", ("fern", "oat"), _SHOE, ("eco-friendly", "recycled", "vegan"),
        "A light trail shoe knitted from recycled bottles and old fishing net, on a sole that is one-third reclaimed rubber. Comfortable "
        "straight away; less precise on a side slope than the Catbells.",
        ("255 g in size 8", "Upper 92 % recycled", "6 mm drop, 4 mm lugs"),
    ),
    ProductData(
        "TS-106", "tarnway-bowscale", "Bowscale Mid", "trail-shoes", "tarnway", Decimal("146.00"), 4, "2024-08-19",
        "mid_shoe", "mesh", ("heather", "charcoal"), _HALF, ("waterproof", "lightweight"),
        "Half shoe, half boot: the sole of the Catbells with a padded cuff over the ankle bone. For people who turn an ankle and dislike boots.",
        ("348 g in size 8", "Polyurethane membrane", "8 mm drop, 5 mm lugs"),
    ),
    # ---- boots
    ProductData(
        "BO-201", "karstwell-malham", "Malham", "boots", "karstwell", Decimal("185.00"), 38, "2023-09-04",
        "boot", "leather", ("chestnut", "ink"), _HALF, ("waterproof", "repairable"),
        "A full-grain leather walking boot made the slow way, stitched and resoleable. Stiff for a fortnight, then yours for ten years. "
        "Wax it twice a winter.",
        ("620 g in size 8", "2.6 mm leather, leather lining at the heel", "Resoled in Kendal for £68"),
    ),
    ProductData(
        "BO-202", "karstwell-gordale", "Gordale Light", "boots", "karstwell", Decimal("158.00"), 45, "2024-03-11",
        "boot", "suede", ("stone", "moss"), _HALF, ("waterproof", "lightweight"),
        "The boot for people who do not want a boot. Suede and mesh, a soft cuff, no breaking in. Best from April to October.",
        ("465 g in size 8", "Waterproof lining", "5 mm lugs"),
    ),
    ProductData(
        "BO-203", "karstwell-penyghent", "Pen-y-ghent Winter", "boots", "karstwell", Decimal("229.00"), 17, "2024-10-01",
        "tall_boot", "leather", ("chestnut", "charcoal"), _SHOE, ("waterproof", "insulated", "repairable"),
        "A tall boot for snow and frozen bog, with wool felt between leather and lining and a sole that takes a strap-on crampon. Too warm above ten degrees.",
        ("790 g in size 8", "Wool-felt insulation", "Takes C1 crampons"),
    ),
    ProductData(
        "BO-204", "fernhollow-oakmoss", "Oakmoss Hiker", "boots", "fernhollow", Decimal("164.00"), 29, "2025-01-20",
        "boot", "knit", ("pine", "clay"), _SHOE, ("eco-friendly", "vegan", "recycled", "waterproof"),
        "A hiking boot without leather or fluorocarbons. The upper is woven from recycled polyester; the midsole is castor-bean foam. "
        "We have walked ours for 900 km and the sole went before the upper.",
        ("498 g in size 8", "No animal glue", "Can be resoled once"),
    ),
    ProductData(
        "BO-205", "karstwell-settle", "Settle Chelsea", "boots", "karstwell", Decimal("149.00"), 33, "2023-10-16",
        "chelsea", "leather", ("tan", "ink", "chestnut"), _SHOE, ("repairable",),
        "Pull it on for the dog, keep it on for the pub. Oiled leather, strong elastic, a lugged sole that does not carry half the field indoors.",
        ("540 g in size 8", "Oiled leather from Tuscany", "Resoleable"),
    ),
    ProductData(
        "BO-206", "nordlee-strand", "Strand Rubber Boot", "boots", "nordlee", Decimal("89.00"), 52, "2024-11-04",
        "wellington", "rubber", ("pine", "lake"), _SHOE, ("waterproof", "vegan"),
        "Natural rubber, cut to mid-calf, with a sole like a walking boot's. Rinse it and keep it out of the sun, or it will crack as all rubber does.",
        ("780 g in size 8", "85 % natural rubber", "Cotton lining"),
    ),
    # ---- eco-friendly footwear
    ProductData(
        "EF-301", "fernhollow-plain", "The Plain Trainer", "eco-footwear", "fernhollow", Decimal("86.00"), 71, "2024-02-05",
        "trainer", "canvas", ("oat", "moss", "ink"), _SHOE, ("eco-friendly", "vegan", "recycled"),
        "A plain trainer from organic cotton and reclaimed rubber. No logo outside. Washes at thirty degrees, which most trainers only claim.",
        ("Upper: organic cotton canvas", "Sole: 40 % reclaimed rubber", "Resold by us when you return it worn"),
    ),
    ProductData(
        "EF-302", "fernhollow-orchard", "Orchard Low", "eco-footwear", "fernhollow", Decimal("118.00"), 36, "2024-09-16",
        "trainer", "leather", ("cream", "fern"), _SHOE, ("eco-friendly", "vegan"),
        "The upper is made from what is left when apples become juice, bound with polyurethane. So it is half plant, not all plant. It looks like leather and ages a little faster.",
        ("50 % apple residue, 50 % PU", "Cork and latex insole", "Stitched sole edge"),
    ),
    ProductData(
        "EF-303", "fernhollow-drift", "Drift Runner", "eco-footwear", "fernhollow", Decimal("104.00"), 48, "2025-03-24",
        "runner", "knit", ("sky", "clay", "slate"), _HALF, ("eco-friendly", "recycled", "vegan", "lightweight"),
        "A town runner knitted in one piece from recovered fishing net, so there is nothing to cut off and throw away. Made for pavements and parks.",
        ("214 g in size 8", "Upper 100 % recycled polyamide", "Sugar-cane foam"),
    ),
    ProductData(
        "EF-304", "fernhollow-hearth", "Hearth Slipper Shoe", "eco-footwear", "fernhollow", Decimal("64.00"), 58, "2024-10-28",
        "clog", "felt", ("stone", "brick", "moss"), _SHOE, ("eco-friendly", "plastic-free"),
        "Felted from the coarse wool that farmers are otherwise paid nothing for, with a natural rubber sole, so you may fetch the post in it.",
        ("British wool felt", "Natural rubber sole", "Composts, sole removed"),
    ),
    ProductData(
        "EF-305", "sandling-mill", "Mill Espadrille", "eco-footwear", "sandling", Decimal("48.00"), 44, "2025-04-28",
        "espadrille", "canvas", ("lake", "sand", "brick"), _SHOE, ("eco-friendly", "vegan", "plastic-free"),
        "Jute, cotton and a thin film of rubber; nothing else. Made for dry summers. They do not like puddles and neither do we in July.",
        ("Jute sole stitched by hand", "Organic cotton upper", "170 g in size 8"),
    ),
    ProductData(
        "EF-306", "fernhollow-commons", "Commons Derby", "eco-footwear", "fernhollow", Decimal("142.00"), 19, "2023-11-20",
        "derby", "leather", ("chestnut", "ink"), _SHOE, ("eco-friendly", "repairable", "chrome-free"),
        "A shoe for work. Leather tanned with oak bark over five weeks instead of chrome over one day, on a sole you can have replaced.",
        ("Bark-tanned leather", "Goodyear-welted", "Resoled by us for £54"),
    ),
    ProductData(
        "EF-307", "fernhollow-meadow", "Meadow Slip-on", "eco-footwear", "fernhollow", Decimal("72.00"), 0, "2024-05-13",
        "slip_on", "canvas", ("heather", "oat"), _SHOE, ("eco-friendly", "vegan", "recycled"),
        "Hemp canvas, two pieces of elastic and a soft sole. The next batch leaves Porto in spring; we sell none we do not have.",
        ("Hemp and recycled cotton", "Sole: 40 % reclaimed rubber", "190 g in size 8"),
    ),
    # ---- sandals
    ProductData(
        "SA-401", "sandling-ford", "Ford River Sandal", "sandals", "sandling", Decimal("68.00"), 47, "2024-04-15",
        "sport_sandal", "webbing", ("slate", "lake", "rust"), _SHOE, ("vegan", "waterproof"),
        "Three straps, one buckle that works with cold fingers, and a sole that grips wet rock. Dries on the way home.",
        ("Recycled webbing", "4 mm lugs", "260 g in size 8"),
    ),
    ProductData(
        "SA-402", "sandling-tide", "Tide Slide", "sandals", "sandling", Decimal("34.00"), 80, "2024-05-06",
        "slide", "rubber", ("sky", "stone", "brick"), _SHOE, ("vegan", "waterproof", "eco-friendly"),
        "One piece of algae foam, out of the mould and on to the foot. The algae come from ponds that had too many of them.",
        ("20 % algae foam", "130 g in size 8", "Rinse with the hose"),
    ),
    ProductData(
        "SA-403", "sandling-cala", "Cala Two-strap", "sandals", "sandling", Decimal("92.00"), 26, "2023-05-08",
        "strap_sandal", "leather", ("tan", "ink"), _SHOE, ("repairable",),
        "Two wide straps on cork that takes the shape of your foot by the end of the second week. Buckles and soles can be replaced.",
        ("Vegetable-tanned leather", "Cork and latex footbed", "Made in Elche"),
    ),
    ProductData(
        "SA-404", "tarnway-gill", "Gill Closed-toe", "sandals", "tarnway", Decimal("79.00"), 3, "2024-06-03",
        "closed_sandal", "webbing", ("moss", "charcoal"), _SHOE, ("vegan", "wide-fit"),
        "For walkers who stub toes. A bumper in front, a pull cord instead of laces, drains along the side.",
        ("Rubber toe bumper", "5 mm lugs", "310 g in size 8"),
    ),
    ProductData(
        "SA-405", "fernhollow-pebble", "Pebble Sandal", "sandals", "fernhollow", Decimal("76.00"), 35, "2025-04-21",
        "strap_sandal", "felt", ("clay", "fern"), _SHOE, ("eco-friendly", "vegan", "recycled"),
        "Soft straps from pineapple leaf fibre on cork. Light, quiet, good from May until the first rain.",
        ("Pineapple leaf and cotton", "Cork footbed", "210 g in size 8"),
    ),
    # ---- socks
    ProductData(
        "SO-501", "woldspun-walker", "Walker Crew", "socks", "woldspun", Decimal("18.00"), 160, "2022-09-05",
        "crew_sock", "wool", ("moss", "rust", "slate"), _SOCK, ("merino",),
        "The sock we all wear. Two-thirds merino, terry under heel and toe, a flat seam. Darn it once and it lasts another winter.",
        ("66 % merino, 33 % polyamide", "Made in Leicester", "Wash at 40 degrees"),
    ),
    ProductData(
        "SO-502", "woldspun-fell", "Fell Runner", "socks", "woldspun", Decimal("14.00"), 140, "2023-03-06",
        "ankle_sock", "wool", ("sky", "ochre", "ink"), _SOCK, ("merino", "lightweight"),
        "Thin, short and quick to dry, with a heel tab so that shoes do not rub.",
        ("52 % merino", "38 g the pair", "Made in Leicester"),
    ),
    ProductData(
        "SO-503", "woldspun-byre", "Byre Boot Sock", "socks", "woldspun", Decimal("24.00"), 90, "2021-10-04",
        "knee_sock", "wool", ("oat", "pine", "brick"), _SOCK, ("wool",),
        "Knee high and thick, from British wool that was never near the sea. For rubber boots, cold churches and lambing.",
        ("80 % British wool", "Ribbed to the knee", "Wash by hand"),
    ),
    ProductData(
        "SO-504", "woldspun-remnant", "Remnant Sock", "socks", "woldspun", Decimal("12.00"), 110, "2024-01-15",
        "crew_sock", "wool", ("heather", "clay", "lake"), _SOCK, ("eco-friendly", "recycled"),
        "Knitted from the ends of other socks' yarn. No two batches match, which we like.",
        ("70 % recovered yarn", "Made in Leicester", "Colours vary"),
    ),
    ProductData(
        "SO-505", "woldspun-liner", "Liner, two pairs", "socks", "woldspun", Decimal("16.00"), 75, "2023-04-03",
        "ankle_sock", "knit", ("stone", "charcoal"), _SOCK, ("lightweight", "vegan"),
        "A thin bamboo sock to wear under a thick one. It moves, so your skin does not. Two pairs, since one is always in the wash.",
        ("Bamboo viscose", "Two pairs", "Wash at 30 degrees"),
    ),
)
