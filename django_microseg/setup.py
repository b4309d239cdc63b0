"""Door: what a shop sets up from its own code, as in a command that runs at each deployment.

Segments, experiences and offers are found by their slug, questions by their fact. What is there already stays as it
is, whoever made it and whatever has been edited since; so each of these may be called again. What is wrong is refused
with an exception, and nothing is written. ``now`` is this moment, unless you tell a story of another one (`history`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from .decide.models import Experience
from .decide.offers.models import Offer
from .decide.offers.publish import save_offer
from .decide.publish import save_experience
from .decide.questions.models import Question
from .segment.install import install_presets
from .segment.json_form import to_json
from .segment.models import Segment
from .segment.presets import PRESETS
from .segment.publish import activate, save_definition
from .segment.text import parse

__all__ = ["NewSegment", "add_experience", "add_offer", "add_presets", "add_question", "add_segments"]

_AUTHOR = "code"

_Draft = TypeVar("_Draft", Experience, Offer)


@dataclass(frozen=True, slots=True)
class NewSegment:
    """``rule`` is a line of text, such as ``count("order_completed", days=90) >= 2``."""

    slug: str
    name: str
    rule: str
    description: str = ""


def add_presets(
    *slugs: str, parameters: Mapping[str, Mapping[str, Any]] | None = None, now: dt.datetime | None = None
) -> list[str]:
    """Put ready-made segments in force, all of them if none is named; returns the slugs of the new ones.

    ``parameters`` are thresholds by slug and name. Raises `InvalidRule` for a preset or threshold that there is not.
    """
    done = install_presets(slugs or list(PRESETS), parameters=parameters, author=_AUTHOR, now=now or timezone.now())
    return [each.slug for each in done if each.outcome == "new"]


def add_segments(*segments: NewSegment, now: dt.datetime | None = None) -> list[str]:
    """Put segments in force, all in one go; returns the slugs of the new ones.

    Raises `InvalidRule` if a rule cannot be read, `ValidationError` if a slug or name cannot be.
    """
    now = now or timezone.now()
    rules = {segment.slug: to_json(parse(segment.rule)) for segment in segments}
    made = []
    with transaction.atomic():
        known = set(Segment.objects.filter(slug__in=rules).values_list("slug", flat=True))
        for segment in segments:
            if segment.slug not in known:
                row = Segment(slug=segment.slug, name=segment.name, description=segment.description)
                row.full_clean()
                row.save()
                save_definition(row, rules[segment.slug], now=now, author=_AUTHOR)
                made.append(row)
        activate(made, now=now)
    return [row.slug for row in made]


def add_experience(slug: str, **fields: Any) -> bool:
    """Make an experience live; returns whether it is new.

    ``fields`` are those of its admin form: ``slot``, ``segments``, ``template_name`` or ``content_html``,
    ``priority``, ``starts_at`` … Raises `ValidationError` if one of them cannot be.
    """
    draft = _draft(Experience, slug, fields)
    if draft is not None:
        save_experience(draft, now=timezone.now())
    return draft is not None


def add_offer(slug: str, **fields: Any) -> bool:
    """Make an offer live; returns whether it is new. ``fields`` are those of the model `Offer`.

    Raises `ValidationError` if one of them cannot be.
    """
    draft = _draft(Offer, slug, fields)
    if draft is not None:
        save_offer(draft, now=timezone.now())
    return draft is not None


def add_question(fact: str, **fields: Any) -> bool:
    """Ask for a fact; returns whether the question is new. ``fields`` are those of the model `Question`.

    Raises `ValidationError` if one of them cannot be.
    """
    if Question.objects.filter(fact=fact).exists():
        return False
    question = Question(fact=fact, **fields)
    question.full_clean()
    question.save()
    return True


def _draft(model: type[_Draft], slug: str, fields: dict[str, Any]) -> _Draft | None:
    """A live one that may be saved; None if the slug is taken."""
    if model._default_manager.filter(slug=slug).exists():
        return None
    draft = model(slug=slug, **{"name": slug, "state": model.State.LIVE} | fields)
    draft.full_clean()
    return draft
