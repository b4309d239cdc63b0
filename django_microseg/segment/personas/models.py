"""A persona that is kept: made up, so it is about nobody, and no export or erasure has anything to do with it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["FORMAT", "Persona"]

#: The version of a stored story.
FORMAT = 1


def empty_story() -> dict[str, Any]:
    """Somebody who has done nothing yet."""
    return {"format": FORMAT, "events": [], "facts": {}, "context": {}}


class Persona(models.Model):
    """``story`` is what a file says of events, facts and context; ``wanted`` and ``unwanted`` are slugs of segments."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    story = models.JSONField(_("story"), default=empty_story)
    wanted = models.JSONField(_("must be in"), default=list, blank=True)
    unwanted = models.JSONField(_("must not be in"), default=list, blank=True)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("persona")
        verbose_name_plural = _("personas")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def asked(self) -> frozenset[str]:
        """The segments of which anything is expected."""
        return frozenset(self.wanted) | frozenset(self.unwanted)
