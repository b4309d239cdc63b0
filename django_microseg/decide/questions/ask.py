"""Which question a visitor is asked now, and what becomes of the answer.

Comes in: the visitor of a request. Goes out: the first live question that nothing is known about yet, or None: without
consent to personalisation, when all is answered, or when they would rather not say. One statement, none without a
live question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connections, router

from django_microseg.collect.fields import to_ms
from django_microseg.collect.models import Event
from django_microseg.collect.record import LABEL_END
from django_microseg.profile.fact_catalogue import FactValue, encode_fact
from django_microseg.profile.models import Fact, Identity, Profile

from ..hand_over import note_event
from ..introduce import introduce
from ..permission import PERSONALISATION
from ..undisturbed import undisturbed
from ..visitor import Visitor
from .live import LIVE
from .models import Question

__all__ = ["SKIPPED", "AskedQuestion", "next_question", "take_answer", "take_refusal"]

SKIPPED, _ANSWERED = "form_skipped", "form_answered"
#: Whoever would rather not say is left alone with a question for so long: 90 days, in milliseconds.
QUIET_MS = 90 * 86_400_000
_ASKED = "question="
_FACTS, _EVENTS, _IDENTITIES = (model._meta.db_table for model in (Fact, Event, Identity))
_WHOSE = f'(SELECT i.profile_id FROM "{_IDENTITIES}" i WHERE i.kind = %s AND i.value = %s)'  # noqa: S608 - our tables
_STATEMENT = (
    f'SELECT f.name FROM "{_FACTS}" f WHERE f.profile_id = {_WHOSE} AND f.name IN ({{marks}}) '  # noqa: S608
    "AND f.valid_from <= %s AND (f.valid_until IS NULL OR f.valid_until > %s) "
    f'UNION ALL SELECT e.labels FROM "{_EVENTS}" e WHERE e.profile_id = {_WHOSE} '
    "AND e.name = %s AND e.occurred_at > %s"
)
_FORM, _SOURCE = "profile", "form"
_INPUTS = {"text": "text", "number": "number", "date": "date"}


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What a template shows. ``input_type`` is that of a field where nothing can be chosen."""

    id: int
    fact: str
    wording: str
    help_text: str
    choices: tuple[tuple[str, str], ...]
    input_type: str


def next_question(visitor: Visitor) -> AskedQuestion | None:
    """The question to ask now."""
    if PERSONALISATION not in visitor.consent.purposes or not visitor.key or visitor.is_stopped:
        return None
    live = undisturbed(lambda: LIVE.at(visitor.now))
    if not live:
        return None
    answered = undisturbed(lambda: _answered(visitor, [question.fact for question in live]))
    question = next((each for each in live if each.fact not in answered), None)
    if question is None:
        return None
    kind = question.kind
    return AskedQuestion(
        question.pk, question.fact, question.wording, question.help_text, tuple(question.answers.items()),
        _INPUTS[kind.kind],
    )  # fmt: skip


def take_answer(visitor: Visitor, question: Question, value: FactValue, *, customer_key: str = "") -> bool:
    """Keep an answer, so that rules know it at once. Raises `InvalidFact` for one that cannot be."""
    encode_fact(question.kind, value)
    if not introduce(visitor, customer_key, links=(), facts={question.fact: value}, source=_SOURCE):
        return False
    told = {"form_id": _FORM, "question": question.fact, "answer": str(value)}
    note_event(visitor, _ANSWERED, told, customer_key=customer_key)
    return True


def take_refusal(visitor: Visitor, question: Question, *, customer_key: str = "") -> None:
    """Remember that somebody would rather not say."""
    note_event(visitor, SKIPPED, {"form_id": _FORM, "question": question.fact}, customer_key=customer_key)


def _answered(visitor: Visitor, names: Sequence[str]) -> frozenset[str]:
    """Which of these facts are known of the visitor, or were not answered lately. One statement, made by hand: the
    ORM takes longer to write it than the page's other questions take together."""
    moment = to_ms(visitor.now)
    person = (Identity.Kind.VISITOR.value, visitor.key)
    values: list[str | int] = [*person, *names, moment, moment, *person, SKIPPED, moment - QUIET_MS]
    with connections[router.db_for_read(Profile)].cursor() as cursor:
        cursor.execute(_STATEMENT.format(marks=", ".join(["%s"] * len(names))), values)
        found = [row[0] for row in cursor.fetchall()]
    parts = (part for text in found for part in text.split(LABEL_END))
    return frozenset(found) | {part.removeprefix(_ASKED) for part in parts if part.startswith(_ASKED)}
