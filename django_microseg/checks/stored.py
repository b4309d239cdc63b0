"""Can what staff have stored still be used? Reads tables, so it runs only with ``--database``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage
from django.db import DatabaseError, router
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from django_microseg.decide.models import Experience
from django_microseg.decide.offers.models import Offer
from django_microseg.segment.errors import InvalidRule
from django_microseg.segment.models import Segment
from django_microseg.segment.rule import CustomCondition, conditions_of
from django_microseg.segment.rulebook import runnable

from .findings import finding
from .promoted import check_named_things

__all__ = ["check_stored"]


def check_stored(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Rules in force, live experiences and offers. Says nothing where the tables are not what they will be:
    ``migrate`` runs this before it makes or changes them."""
    if router.db_for_read(Segment) not in (databases or ()):
        return []
    try:
        return _check()
    except DatabaseError:
        return []


def _check() -> list[CheckMessage]:
    active = Segment.objects.filter(state=Segment.State.ACTIVE).select_related("live_version")
    live = list(Experience.objects.filter(state=Experience.State.LIVE))
    slugs = frozenset(segment.slug for segment in active)
    offers = list(Offer.objects.filter(state=Offer.State.LIVE))
    return [
        *(message for segment in active for message in _rule(segment)),
        *(message for experience in live for message in _experience(experience, slugs)),
        *_offers(offers, slugs),
        *_spoken_of(live, frozenset(offer.slug for offer in offers)),
        *check_named_things(live),
    ]


def _rule(segment: Segment) -> Iterator[CheckMessage]:
    if segment.live_version is None:
        return
    try:
        rule = runnable(segment.live_version.rule)
    except InvalidRule as error:
        yield finding("E081").message(obj=segment, slug=segment.slug, problem=error.full_message)
        return
    for condition in conditions_of(rule):
        if isinstance(condition, CustomCondition):
            yield finding("E080").message(obj=segment, slug=segment.slug, kind=condition.kind)


def _experience(experience: Experience, in_force: frozenset[str]) -> Iterator[CheckMessage]:
    for slug in experience.segments:
        if slug not in in_force:
            yield finding("W082").message(obj=experience, slug=experience.slug, segment=slug)
    if experience.template_name:
        try:
            get_template(experience.template_name)
        except TemplateDoesNotExist:
            template = experience.template_name
            yield finding("W083").message(obj=experience, slug=experience.slug, template=template)


def _offers(offers: Iterable[Offer], in_force: frozenset[str]) -> Iterator[CheckMessage]:
    for offer in offers:
        for slug in offer.segments:
            if slug not in in_force:
                yield finding("W089").message(obj=offer, slug=offer.slug, segment=slug)


def _spoken_of(live: Iterable[Experience], offers: frozenset[str]) -> Iterator[CheckMessage]:
    for experience in live:
        if experience.offer and experience.offer not in offers:
            yield finding("W088").message(obj=experience, slug=experience.slug, offer=experience.offer)
