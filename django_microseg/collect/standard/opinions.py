"""Events of reviews, surveys, social networks and loyalty programmes. Pure data."""

from __future__ import annotations

from functools import partial

from ..event_properties import PRODUCT, SHARE
from ..event_type import EventType, Property

__all__ = ["OPINIONS"]

_SCORE = Property("score", "number", "from 0 to 10", is_required=True)
_SURVEY = Property("survey_id", "text", "id of the survey", label="survey")
_QUESTION = Property("question", "text", "what was asked", label="question")
_ANSWER = Property("answer", "texts", "what was answered", label="answer")
_COMMENT = Property("comment", "prose", "in their own words")
_POINTS = Property("points", "number", "points", is_required=True)
_BALANCE = Property("balance", "number", "points on the account afterwards")
_PROGRAM = Property("program", "text", "the loyalty programme", label="program")
_TIER = Property("tier", "text", "the new tier", label="tier", is_required=True)
_STORE = Property("store_id", "text", "which shop", label="store")
_said = partial(EventType, topic="opinions and loyalty")


OPINIONS = (
    _said(
        "product_reviewed",
        "A product was reviewed.",
        (
            *PRODUCT,
            Property("rating", "number", "stars"),
            Property("review_id", "text", "id of the review"),
            Property("review_body", "prose", "the words"),
        ),
        measure="rating",
        is_public=True,
    ),
    _said(
        "product_shared",
        "A product was shared.",
        (*SHARE, *PRODUCT),
        value_from=("value", "price"),
        is_public=True,
        aliases=("share",),
    ),
    _said(
        "social_interacted",
        "Somebody followed, shared or answered us on a social network.",
        (
            Property("network", "text", "which network", label="network"),
            Property("action", "text", "share, follow, reply …", label="action"),
            Property("target", "text", "of what"),
        ),
        is_public=True,
        aliases=("social_interaction",),
    ),
    _said(
        "nps_answered",
        "Somebody said from 0 to 10 how likely they recommend us.",
        (_SCORE, _SURVEY, _COMMENT),
        measure="score",
        is_public=True,
    ),
    _said(
        "survey_answered",
        "A question of a survey was answered.",
        (Property("score", "number", "the score", may_be_negative=True), _SURVEY, _QUESTION, _ANSWER, _COMMENT),
        measure="score",
        is_public=True,
    ),
    _said(
        "form_answered",
        "A question about oneself was answered.",
        (Property("form_id", "text", "id of the form", label="form"), _QUESTION, _ANSWER),
        is_public=True,
        is_immediate=True,
    ),
    _said(
        "form_skipped",
        "Somebody would rather not answer a question about themselves.",
        (Property("form_id", "text", "id of the form", label="form"), _QUESTION),
        is_immediate=True,
    ),
    _said(
        "loyalty_joined",
        "Somebody joined a loyalty programme.",
        (Property("tier", "text", "the first tier", label="tier"), _PROGRAM, _STORE),
        is_immediate=True,
    ),
    _said(
        "loyalty_points_earned",
        "Points were earned.",
        (_POINTS, _BALANCE, _PROGRAM),
        measure="points",
        aliases=("points_earned",),
    ),
    _said(
        "loyalty_points_spent",
        "Points were spent.",
        (_POINTS, _BALANCE, _PROGRAM),
        measure="points",
        aliases=("points_redeemed",),
    ),
    _said(
        "loyalty_tier_changed",
        "The tier of a loyalty programme changed.",
        (_TIER, _PROGRAM),
        aliases=("tier_changed",),
    ),
    _said(
        "store_visited",
        "A shop of bricks was visited.",
        (
            _STORE,
            Property("dwell_seconds", "number", "seconds inside"),
        ),
        measure="dwell_seconds",
    ),
)
