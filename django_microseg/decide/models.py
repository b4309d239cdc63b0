"""Tables of what visitors get: experiences, each one variant for a slot of the shop's templates.

An experience says for whom it is and when. It brings content (HTML written by staff, or a template
of the project), or the order in which things of the shop stand. Pages never read this table; they
read what `decide.publish` made of it.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from django_microseg import conf
from django_microseg.collect.fields import InstantField, KeyField

from .slots import CONTENT, ORDER, OWN_TEMPLATES

__all__ = ["Experience", "validate_keys", "validate_segments", "validate_template_name"]

_MOST_KEYS = 100


def validate_template_name(name: str) -> None:
    """A template that exists and lies where ``EXPERIENCE_TEMPLATES`` allows."""
    prefixes = tuple(conf.get("EXPERIENCE_TEMPLATES"))
    if prefixes and not name.startswith(prefixes):
        raise ValidationError(
            _("Templates of experiences must lie below %(prefixes)s. Move the template there."),
            params={"prefixes": ", ".join(prefixes)},
        )
    try:
        get_template(name)
    except TemplateDoesNotExist as error:
        raise ValidationError(
            _("There is no template “%(name)s”. Check the name, or create the file."),
            params={"name": name},
        ) from error
    except TemplateSyntaxError as error:
        raise ValidationError(
            _("The template “%(name)s” has an error: %(error)s"),
            params={"name": name, "error": str(error)},
        ) from error


def validate_segments(slugs: Any) -> None:
    """A list of different texts; whether each names a segment is asked in the admin."""
    if not isinstance(slugs, list) or not all(isinstance(slug, str) and slug for slug in slugs):
        raise ValidationError(_("This must be a list of segments' slugs."))
    if len(set(slugs)) != len(slugs):
        raise ValidationError(_("A segment is listed twice."))


def validate_keys(keys: Any) -> None:
    """A list of different keys of the shop, the first one first."""
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        raise ValidationError(_("This must be a list of keys of the shop, each a text."))
    if len(keys) > _MOST_KEYS:
        raise ValidationError(_("These are %(count)s keys. Give %(most)s at most."), params=_counts(keys))
    for key in keys:
        if keys.count(key) > 1:
            raise ValidationError(_("“%(key)s” is listed twice."), params={"key": key})


def _counts(keys: list[str]) -> dict[str, int]:
    return {"count": len(keys), "most": _MOST_KEYS}


class Experience(models.Model):
    """What a slot shows to members of some segments, for a time, instead of its default."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        LIVE = "live", _("live")
        PAUSED = "paused", _("paused")

    class Match(models.TextChoices):
        ANY = "any", _("any of them")
        ALL = "all", _("all of them")

    class Kind(models.TextChoices):
        CONTENT = CONTENT, _("content")
        ORDER = ORDER, _("order of things")

    slug = KeyField(max_length=64, unique=True, validators=[validate_slug], help_text=_("never reused"))
    slot = KeyField(
        max_length=64,
        validators=[validate_slug],
        help_text=_('the name in the template: {% slot "home-hero" %}'),
    )
    name = models.CharField(max_length=120)
    state = KeyField(max_length=10, choices=State.choices, default=State.DRAFT)
    segments = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_segments],
        help_text=_("who sees it; empty: everybody but machines"),
    )
    match = KeyField(max_length=3, choices=Match.choices, default=Match.ANY)
    kind = KeyField(
        max_length=10,
        choices=Kind.choices,
        default=Kind.CONTENT,
        help_text=_("content for {% slot %}, or the order in which {% order_for_visitor %} shows things of the shop"),
    )
    content_html = models.TextField(
        _("content"),
        blank=True,
        default="",
        help_text=_("HTML, shown as it stands: only people you trust may write it"),
    )
    template_name = models.CharField(
        _("template"),
        max_length=200,
        blank=True,
        default="",
        validators=[validate_template_name],
        help_text=_("instead of content: a template, rendered with the page's own variables"),
    )
    order_keys = models.JSONField(
        _("what comes first"),
        default=list,
        blank=True,
        validators=[validate_keys],
        help_text=_("keys of categories, the first one first; everything else follows as the shop has it"),
    )
    product_keys = models.JSONField(
        _("promoted products"),
        default=list,
        blank=True,
        validators=[validate_keys],
        help_text=_("keys of products; while none of them is in stock, this is shown to nobody"),
    )
    offer = KeyField(
        max_length=64,
        blank=True,
        default="",
        help_text=_("the slug of an offer that this speaks of; shown only to whom it would be given"),
    )
    priority = models.IntegerField(default=0, help_text=_("the highest is tried first, then the newest, then by slug"))
    starts_at = InstantField(null=True, blank=True)
    ends_at = InstantField(null=True, blank=True, help_text=_("no longer shown from then on"))
    created_at = InstantField(default=timezone.now, editable=False)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("experience")
        verbose_name_plural = _("experiences")
        ordering = ["slot", "-priority", "-created_at", "slug"]
        permissions = [
            ("preview_shop", _("Can preview the shop as members of segments")),
            ("stop_personalisation", _("Can stop and start personalisation for everybody")),
        ]
        indexes = [models.Index(fields=["state", "slot"], name="microseg_experience_slot")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(starts_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="microseg_experience_ends_after_start",
                violation_error_message=_("It must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.kind == self.Kind.ORDER:
            self._refuse_content()
        elif self.order_keys:
            text = _("Only an order of things takes these keys. Remove them, or choose that kind.")
            raise ValidationError({"order_keys": text})
        elif self.content_html and self.template_name:
            raise ValidationError({"template_name": _("Give either content or a template, not both.")})
        if self.state == self.State.LIVE:
            self.refuse_emptiness()
        self._refuse_other_kind()

    def refuse_emptiness(self) -> None:
        """Raise if there is nothing that it could show."""
        if self.kind == self.Kind.ORDER:
            if not self.order_keys:
                raise ValidationError({"order_keys": _("A live order needs at least one key: what comes first.")})
        elif not (self.content_html or self.template_name or self.slot in OWN_TEMPLATES):
            raise ValidationError({"content_html": _("A live experience needs content or a template.")})

    def _refuse_content(self) -> None:
        if self.content_html or self.template_name:
            text = _("An order of things shows no content. Empty content and template, or choose the kind “content”.")
            raise ValidationError({"kind": text})

    def _refuse_other_kind(self) -> None:
        """A slot is either a place for content or an order: its tag can do only one of them."""
        others = Experience.objects.filter(slot=self.slot).exclude(pk=self.pk).exclude(kind=self.kind)
        other = others.first()
        if other is not None:
            text = _("The slot “%(slot)s” is of the kind “%(kind)s” for “%(other)s”. Choose that, or another slot.")
            names = {"slot": self.slot, "kind": other.get_kind_display(), "other": other.name}
            raise ValidationError({"kind": ValidationError(text, params=names)})
