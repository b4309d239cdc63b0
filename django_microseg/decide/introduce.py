"""What the shop's own code says of the visitor: links that lead to them, and facts that they told.

Comes in: the visitor of a request with their key, and what is said. Goes out: whether it was taken in; segments that
follow from it hold from here on, in this very response. Without consent nothing is kept, but of a signed-in customer
who told the shop themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from django_microseg.collect.hooks import PersonKey
from django_microseg.profile.fact_catalogue import FactValue
from django_microseg.profile.facts import Declaration, set_facts
from django_microseg.profile.identify import identify
from django_microseg.profile.links import Link

from .visitor import Visitor

__all__ = ["SOURCE", "introduce"]

SOURCE = "shop"


def introduce(
    visitor: Visitor,
    customer_key: str,
    *,
    links: Sequence[Link],
    facts: Mapping[str, FactValue | None],
    source: str = SOURCE,
) -> bool:
    """Tie the links and declare the facts. Raises `PersonErased` and `InvalidFact`; then nothing is written."""
    if visitor.preview is not None or not (visitor.key or customer_key):
        return False
    with transaction.atomic():
        profile = identify(PersonKey(visitor.key, customer_key), links, now=visitor.now).profile
        declared = [Declaration(profile.pk, name, value, source) for name, value in facts.items()]
        set_facts(declared, now=visitor.now)
    if visitor.key:
        visitor.is_active = True
        visitor.reload()
    return True
