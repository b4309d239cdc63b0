"""The people of the demo story: who they are before they do anything. Pure: the same numbers always make the same
people.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from .personas import ANONYMOUS, DECK, Persona

__all__ = ["Person", "people"]

_WOMEN = (
    "Hannah",
    "Ruth",
    "Sofia",
    "Beth",
    "Ines",
    "Aoife",
    "Lena",
    "Claire",
    "Gwen",
    "Nia",
    "Marta",
    "Isla",
    "Harriet",
    "Grace",
    "Moira",
    "Saskia",
    "Anneke",
    "Catrin",
    "Amira",
    "Paula",
    "Tess",
    "Fiona",
    "Priya",
    "Nora",
    "Zofia",
    "Maeve",
    "Ella",
    "Yasmin",
    "Joan",
    "Kate",
)
_MEN = (
    "Piotr",
    "Callum",
    "Greg",
    "Jon",
    "Dev",
    "Stuart",
    "Rob",
    "Tom",
    "Yusuf",
    "Edmund",
    "Kieran",
    "Alan",
    "Nils",
    "Ewan",
    "Paul",
    "Vikram",
    "Leo",
    "Hamish",
    "Owen",
    "Marek",
    "Sean",
    "Luca",
    "Idris",
    "Jack",
    "Felix",
    "Arun",
    "Colm",
    "Bryn",
    "Hugo",
    "Will",
)
_FAMILIES = (
    "Wren",
    "Okafor",
    "Dale",
    "Marsh",
    "Hill",
    "Byrne",
    "Kowalska",
    "Thorne",
    "Patel",
    "Lund",
    "Fell",
    "Ashworth",
    "Brook",
    "Haddad",
    "Moss",
    "Greenwood",
    "Sykes",
    "Evans",
    "Murray",
    "Lindqvist",
    "Shaw",
    "Visser",
    "Sutcliffe",
    "Khan",
    "Doyle",
    "Reid",
    "Holt",
    "Barker",
    "Novak",
    "Crossley",
)
_PLACES = (
    ("GB", "Europe/London", "en-GB", 80),
    ("IE", "Europe/Dublin", "en-IE", 6),
    ("DE", "Europe/Berlin", "de-DE", 4),
    ("NL", "Europe/Amsterdam", "nl-NL", 3),
    ("FR", "Europe/Paris", "fr-FR", 2),
    ("PL", "Europe/Warsaw", "pl-PL", 2),
    ("US", "America/New_York", "en-US", 2),
    ("AU", "Australia/Sydney", "en-AU", 1),
)
ANONYMOUS_PER_CUSTOMER = 7
_REACH = tuple(accumulate(share for *_, share in _PLACES))


@dataclass(frozen=True, slots=True)
class Person:
    """`customer_key` is None for somebody who never gives a name. `seed` makes all that this person does."""

    number: int
    seed: str
    persona: Persona
    customer_key: str | None
    first_name: str
    last_name: str
    gender: str
    birthday: date | None
    country: str
    timezone: str
    language: str
    newsletter: bool
    favourite: str
    keenness: float

    @property
    def email(self) -> str:
        return f"{self.first_name}.{self.last_name}.{self.number}@example.com".lower()


def people(customers: int, seed: int, now: datetime) -> Iterator[Person]:
    """First the customers, then seven times as many who never say who they are."""
    for number in range(customers):
        yield _person(number, f"{seed}:customer:{number}", DECK[number % len(DECK)], f"demo-{number:05d}", now)
    for number in range(customers * ANONYMOUS_PER_CUSTOMER):
        yield _person(number, f"{seed}:anonymous:{number}", ANONYMOUS, None, now)


def _person(number: int, seed: str, persona: Persona, customer_key: str | None, now: datetime) -> Person:
    rng = Random(seed)
    is_female = rng.random() < persona.female
    country, timezone, language, _ = _PLACES[bisect(_REACH, rng.random() * _REACH[-1])]
    youngest, oldest = persona.ages
    age_days = int(365.25 * (youngest + (oldest - youngest) * rng.betavariate(1.6, 2.2))) + rng.randrange(365)
    is_told = rng.random() < 0.8
    return Person(
        number=number,
        seed=seed,
        persona=persona,
        customer_key=customer_key,
        first_name=rng.choice(_WOMEN if is_female else _MEN),
        last_name=rng.choice(_FAMILIES),
        gender=("female" if is_female else "male") if is_told and rng.random() < 0.97 else ("other" if is_told else ""),
        birthday=(now.date() - timedelta(days=age_days)) if rng.random() < 0.85 else None,
        country=country,
        timezone=timezone,
        language=language,
        newsletter=rng.random() < 0.4,
        favourite=rng.choices(tuple(persona.tastes), tuple(persona.tastes.values()))[0],
        # Few people do most of it: the keenest come four times as often as the usual.
        keenness=min(4.0, rng.lognormvariate(-0.18, 0.6)),
    )
