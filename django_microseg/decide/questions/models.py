"""The questions that the shop may ask, in the order in which it asks them."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from django_microseg import conf
from django_microseg.collect.fields import KeyField
from django_microseg.profile.fact_catalogue import FactType, InvalidFact, encode_fact, fact_type
from django_microseg.profile.facts import reserved_now

__all__ = ["Question"]


class Question(models.Model):
    """A question whose answer is a fact. ``choices`` are lines ``value`` or ``value = what people read``."""

    fact = KeyField(
        _("fact"),
        max_length=64,
        unique=True,
        help_text=_("What the answer is, such as interest. Rules ask for it by this name."),
    )
    wording = models.CharField(_("question"), max_length=200)
    help_text = models.CharField(_("explanation"), max_length=200, blank=True, help_text=_("What it is good for."))
    choices = models.TextField(
        _("answers"),
        blank=True,
        help_text=_("One on each line: “running”, or “running = I run on trails”. Empty: people write it themselves."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1, help_text=_("Lower is asked earlier."))
    is_live = models.BooleanField(_("is asked"), default=True)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.wording

    @property
    def kind(self) -> FactType:
        """What the answer is. Raises `InvalidFact` for what the shop no longer knows."""
        return fact_type(self.fact, conf.get("FACTS"))

    @property
    def answers(self) -> Mapping[str, str]:
        """What can be chosen: values, and what people read."""
        lines = (line.partition("=") for line in self.choices.splitlines() if line.strip())
        return {value.strip(): label.strip() or value.strip() for value, _, label in lines if value.strip()}

    def clean(self) -> None:
        try:
            kind = self.kind
        except InvalidFact as error:
            raise ValidationError({"fact": str(error)}) from None
        if self.fact in reserved_now():
            raise ValidationError({"fact": _("This fact is kept for audits alone. No form may ask for it.")})
        for value in self.answers:
            try:
                encode_fact(kind, value)
            except InvalidFact as error:
                raise ValidationError({"choices": f"“{value}”: {error}"}) from None
