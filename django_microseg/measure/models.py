"""What the overview keeps: which alerts somebody has put aside. Nobody who visits the shop is in it."""

from __future__ import annotations

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ..collect.fields import InstantField, KeyField
from ..segment.models import Segment

__all__ = ["DismissedAlert", "Overview"]


class Overview(Segment):
    """A name for the page; a table of its own it is not, and whoever may view segments may see it."""

    class Meta:
        proxy = True
        app_label = "django_microseg"
        default_permissions = ()
        verbose_name = _("overview")
        # The admin sorts by this name, and browsers show no blank at the beginning: so it stands first.
        verbose_name_plural = format_lazy(" {}", _("Overview"))


class DismissedAlert(models.Model):
    """An alert that somebody has seen and put aside, in the ``state`` that it was in then."""

    key = KeyField(max_length=120, unique=True)
    state = models.CharField(max_length=200)
    dismissed_by = models.CharField(max_length=150, blank=True, default="")
    dismissed_at = InstantField()

    class Meta:
        app_label = "django_microseg"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key}"
