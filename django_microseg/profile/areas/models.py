"""Areas by postcode. A table about places, not about people: no export or erasure has anything to do with it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ...collect.fields import KeyField
from ...collect.surroundings.models import IS_COUNTRY
from .match import normal_postcode

__all__ = ["Area"]


class Area(models.Model):
    """All postcodes that begin with ``prefix``, unless a longer one is known."""

    country = KeyField(
        _("country"),
        max_length=2,
        blank=True,
        default="",
        validators=[IS_COUNTRY],
        help_text=_("Code of two letters, such as DE. Empty: whatever the country."),
    )
    prefix = KeyField(
        _("postcode"),
        max_length=12,
        help_text=_("Whole or its beginning, such as EX4 or 10; the longest that fits counts."),
    )
    name = models.CharField(_("name"), max_length=120, blank=True, default="")
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    density = models.DecimalField(
        _("density"), max_digits=10, decimal_places=2, null=True, blank=True, help_text=_("People per km².")
    )
    growth = models.DecimalField(
        _("growth"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Percent a year; −0.5 shrinks."),  # noqa: RUF001
    )

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["country", "prefix"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "prefix"],
                name="microseg_one_area",
                violation_error_message=_("This area is known already: change that one."),
            )
        ]
        indexes = [models.Index(fields=["prefix"], name="microseg_area_prefix")]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.country, self.prefix, self.name)))

    def clean_fields(self, exclude: Any = None) -> None:
        """The postcode as it is looked for, before it is judged."""
        self.prefix, self.country = normal_postcode(self.prefix or ""), (self.country or "").strip().upper()
        super().clean_fields(exclude)

    def clean(self) -> None:
        if self.population is None and self.density is None and self.growth is None and not self.name:
            raise ValidationError(_("Say something of the area: a name, or one of the figures."))
