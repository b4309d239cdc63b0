"""Stored rules as people read them, and the figures that stand beside them: for pages and for the API alike."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ..profile.models import Profile
from .errors import InvalidRule
from .json_form import from_json
from .rulebook import runnable
from .sentence import describe
from .text import render

__all__ = ["count_people", "rule_text", "sentence_of"]


def rule_text(rule: Any) -> str:
    """A stored rule as text; empty for one that can no longer be read."""
    try:
        return render(from_json(rule))
    except InvalidRule:
        return ""


def sentence_of(rule: Any, labels: Any) -> str:
    """A stored rule as a sentence; a rule that can no longer be read says so."""
    try:
        return describe(runnable(rule), labels)
    except InvalidRule as error:
        return _("This rule can no longer be read: %s") % error.message


def count_people() -> int:
    """How many people there are to be in a segment."""
    return Profile.objects.filter(merged_into=None).count()
