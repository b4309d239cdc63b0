"""Reviews that come with the sample catalogue, kind and unkind. They are samples: no real person wrote them."""

from __future__ import annotations

from .data import ReviewData

__all__ = ["REVIEWS"]

REVIEWS: tuple[ReviewData, ...] = (
    ReviewData(
        "tarnway-catbells",
        "Hannah W.",
        5,
        "2026-06-02",
        "Third pair. The first two are still going as gardening shoes.",
    ),
    ReviewData(
        "tarnway-catbells", "Piotr", 4, "2026-05-11", "Good on everything but wet slate. Half a size small for me."
    ),
    ReviewData(
        "tarnway-catbells", "M. Okafor", 5, "2026-04-27", "Wore them out of the box for the Langdale half. No blisters."
    ),
    ReviewData("tarnway-sharp-edge", "Callum", 5, "2026-04-19", "Sticks to peat like nothing else I own."),
    ReviewData(
        "tarnway-sharp-edge",
        "Ruth D.",
        3,
        "2026-05-30",
        "Superb on the fell, worn smooth after two months with road in between. They do warn you.",
    ),
    ReviewData("tarnway-long-meg", "Ines", 5, "2026-01-14", "Sixty miles and I kept all my toenails."),
    ReviewData(
        "tarnway-sourmilk",
        "Greg T.",
        4,
        "2026-02-08",
        "Dry until March, then I had to wax them as the note says. Fair enough.",
    ),
    ReviewData(
        "fernhollow-understory", "Sofia", 4, "2026-06-09", "So light I forget them. On a camber they slide about a bit."
    ),
    ReviewData("fernhollow-understory", "Beth L.", 5, "2026-05-18", "Nice to read what the sole is made of, for once."),
    ReviewData("tarnway-bowscale", "Jon", 4, "2026-01-22", "My ankle is grateful. Warm in July."),
    ReviewData(
        "karstwell-malham",
        "Margaret",
        5,
        "2026-02-16",
        "The fortnight was true and so were the ten years, this is my second pair since 2004.",
    ),
    ReviewData("karstwell-malham", "Dev", 4, "2025-11-30", "Beautiful. Heavy. Both as described."),
    ReviewData("karstwell-gordale", "Aoife", 4, "2026-05-04", "No breaking in at all. Suede marks if you look at it."),
    ReviewData(
        "karstwell-penyghent", "Stuart", 5, "2026-01-29", "Minus eleven on Ben Macdui and my feet did not notice."
    ),
    ReviewData("fernhollow-oakmoss", "Lena K.", 5, "2026-04-12", "A vegan boot that does not feel like a rain bucket."),
    ReviewData("karstwell-settle", "Rob", 5, "2025-12-07", "Dog, pub, dog, pub. As advertised."),
    ReviewData("nordlee-strand", "Fiona", 4, "2026-03-01", "Good sole, roomy calf. Smells of rubber for a week."),
    ReviewData("fernhollow-plain", "Amira", 5, "2026-05-26", "I washed them. They came out clean and the same size."),
    ReviewData("fernhollow-plain", "Tom H.", 4, "2026-03-15", "Plain is the word and I mean it well."),
    ReviewData(
        "fernhollow-orchard",
        "Claire",
        3,
        "2026-04-02",
        "Lovely shoe; creased sooner than leather, which the page admits.",
    ),
    ReviewData("fernhollow-drift", "Yusuf", 5, "2026-06-06", "Best thing I have run in along the canal."),
    ReviewData("fernhollow-hearth", "Gwen", 5, "2025-12-19", "Fetched the post in them. In snow."),
    ReviewData("sandling-mill", "Paula", 4, "2026-06-01", "Got caught in rain, dried them slowly, they forgave me."),
    ReviewData("fernhollow-commons", "Edmund", 5, "2026-02-24", "Resoled once already, came back better than new."),
    ReviewData("sandling-ford", "Nia", 5, "2026-05-29", "Grip on wet rock is real. Buckle too."),
    ReviewData("sandling-tide", "Kieran", 4, "2026-05-21", "They are slides. Comfortable ones."),
    ReviewData("sandling-cala", "Marta", 5, "2026-05-08", "Week one: doubt. Week three: moulded to me."),
    ReviewData("woldspun-walker", "Alan P.", 5, "2026-01-05", "I own eleven pairs. I may need help."),
    ReviewData("woldspun-walker", "Grace", 4, "2025-11-17", "Warm, no rubbing. The rust colour ran once."),
    ReviewData("woldspun-fell", "Isla", 5, "2026-04-25", "Thin and stays up. That is all I ask."),
    ReviewData("woldspun-byre", "Harriet", 4, "2025-12-28", "Scratchy on day one, beloved by day four."),
    ReviewData("packhorse-lane-cragg", "Nils", 5, "2026-03-23", "They fixed my zip in six days and paid the postage."),
    ReviewData("packhorse-lane-cragg", "Jo", 4, "2026-05-13", "Handsome. A second inside pocket would help."),
    ReviewData("packhorse-lane-stoodley", "Ewan", 5, "2026-05-02", "West Highland Way, no sore hips."),
    ReviewData("packhorse-lane-weir", "Saskia", 4, "2026-02-11", "Bone dry in a Dutch winter. I do miss a pocket."),
    ReviewData("nordlee-fjell", "Anneke", 5, "2026-01-18", "The hood alone is worth it."),
    ReviewData("nordlee-fjell", "Paul", 4, "2025-11-23", "Sheds rain very well; rustles a little."),
    ReviewData("woldspun-fold", "Catrin", 5, "2026-01-09", "Warmest thing I own, and it does smell of sheep when wet."),
    ReviewData("nordlee-dun", "Vikram", 4, "2026-01-31", "Lives under my coat from November on."),
    ReviewData("emberley-hob", "Sue", 5, "2025-12-14", "Tea still hot at four. I checked."),
    ReviewData("emberley-spring", "Leo", 4, "2026-04-06", "Dented on day two. Going on, as they say."),
    ReviewData("emberley-lucifer", "Moira", 5, "2026-01-26", "One button. At last."),
    ReviewData("emberley-lucifer", "Hamish", 4, "2025-11-09", "Bright, simple, took spare cells on the Cuillin."),
    ReviewData(
        "emberley-drover", "Tess", 5, "2025-12-21", "Dinner outside in December was a mistake. The lantern was not."
    ),
)
