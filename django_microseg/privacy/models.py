"""The consent ledger: who allowed what, over which text, from when until when.

A row exists only for a visitor id that somebody consented to. Refusing leaves no row; withdrawing
ends one. No address and no browser is kept.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..collect.fields import InstantField, KeyField

__all__ = ["ConsentRecord"]


class ConsentRecord(models.Model):
    """One choice of one visitor id. ``ended_at`` is when it was changed or withdrawn."""

    class Cause(models.TextChoices):
        CHOICE = "choice", _("the visitor's choice")
        NEW_ID = "new_id", _("carried over to a new visitor id of the same browser")

    visitor_key = KeyField(max_length=64, db_index=True)
    purposes = models.JSONField(default=list)
    text_version = KeyField(max_length=40)
    cause = KeyField(max_length=10, choices=Cause.choices, default=Cause.CHOICE)
    given_at = InstantField()
    ended_at = InstantField(null=True, blank=True)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return f"{self.visitor_key[:8]}: {', '.join(self.purposes)}"
