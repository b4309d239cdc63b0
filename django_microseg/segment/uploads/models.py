"""A file that staff has uploaded. Its content goes when it is imported, and with what is kept for too long."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ...collect.fields import InstantField, KeyField

__all__ = ["Upload"]


class Upload(models.Model):
    """``mapping`` is from our names to the file's columns, ``report`` that of the last run, tried out or in earnest."""

    class Kind(models.TextChoices):
        CUSTOMERS = "customers", _("customers: one row each, with what is known of them")
        AREAS = "areas", _("areas: one row for each postcode, with density, growth, population")
        EVENTS = "events", _("events: one row each; columns without a meaning are properties")
        ORDERS = "orders", _("orders: one row for each order or line of one")

    name = models.CharField(_("file"), max_length=200, editable=False)
    kind = KeyField(_("what it holds"), max_length=20, choices=Kind)
    source = KeyField(
        _("source"),
        max_length=30,
        default="crm",
        help_text=_("Where it comes from, such as crm or till. The same order of the same source counts once."),
    )
    encoding = KeyField(
        _("encoding"), max_length=20, default="utf-8", choices=[("utf-8", "UTF-8"), ("cp1252", _("Western (Excel)"))]
    )
    time_format = models.CharField(
        _("form of dates"),
        max_length=40,
        blank=True,
        help_text=_("Only if they are not like 2026-03-31: %d.%m.%Y for 31.03.2026, %m/%d/%Y for 03/31/2026."),
    )
    content = models.BinaryField(editable=False, null=True)
    mapping = models.JSONField(default=dict, editable=False)
    uploaded_at = InstantField(_("uploaded"), editable=False)
    uploaded_by = models.CharField(_("by"), max_length=150, editable=False)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0, editable=False)
    finished_at = InstantField(_("imported"), null=True, editable=False)
    report = models.JSONField(null=True, editable=False)
    errors = models.TextField(default="", editable=False)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.name
