"""Where the browser tests go: every kind of page of the shop, in every state that it has."""

from __future__ import annotations

OPEN = (
    "/",
    "/c/eco-footwear/",
    "/c/boots/?attribute=waterproof&sort=price",
    "/c/boots/?attribute=vegan&brand=karstwell",
    "/p/tarnway-catbells/",
    "/p/tarnway-catbells/?colour=moss&view=close",
    "/p/fernhollow-meadow/",
    "/search/",
    "/search/?q=waterproof",
    "/search/?q=hats",
    "/cart/",
    "/login/",
    "/register/",
    "/about/",
    "/privacy/",
    "/preferences/",
)
"""For anybody; the seventh is sold out."""

OWN = ("/account/", "/account/details/", "/p/tarnway-catbells/")
"""For who has signed in."""
