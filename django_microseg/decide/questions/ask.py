"""Which question a visitor is asked now, and what becomes of the answer.

Comes in: the visitor of a request. Goes out: the first live question that nothing is known about yet, or None: without
consent to personalisation, when all is answered, or when they would rather not say. One statement.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from django_microseg.collect.models import Event
from django_microseg.collect.record import LABEL_END
from django_microseg.profile.accounts import valid_at
from django_microseg.profile.fact_catalogue import FactValue, encode_fact
from django_microseg.profile.models import Fact, Identity

from ..hand_over import note_event
from ..introduce import introduce
from ..permission import PERSONALISATION
from ..undisturbed import undisturbed
from ..visitor import Visitor
from .models import Question

__all__ = ["SKIPPED", "AskedQuestion", "next_question", "take_answer", "take_refusal"]

SKIPPED, _ANSWERED = "form_skipped", "form_answered"
#: Whoever would rather not say is left alone with a question for so long.
QUIET = dt.timedelta(days=90)
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
    question = undisturbed(lambda: _open_questions(visitor).first())
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


def _open_questions(visitor: Visitor) -> QuerySet[Question]:
    mine = Identity.objects.filter(kind=Identity.Kind.VISITOR, value=visitor.key).values("profile")
    known = Fact.objects.filter(valid_at(visitor.now), profile__in=mine, name=OuterRef("fact"))
    asked = Concat(Value(f"{LABEL_END}question="), OuterRef("fact"), Value(LABEL_END))
    skipped = Event.objects.filter(
        profile__in=mine, name=SKIPPED, occurred_at__gt=visitor.now - QUIET, labels__contains=asked
    )
    return Question.objects.filter(~Q(Exists(known)), ~Q(Exists(skipped)), is_live=True)
