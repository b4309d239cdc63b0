"""Tables of what happened: events, their idempotence keys, who may send them, and what could not be stored.

`Event` is the single source of truth and append-only but for ``profile`` (set by identity) and
``voided_at`` (set when an order is cancelled or refunded in full). Nothing points at it with a
foreign key, so that it can be partitioned.
"""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import DayField, InstantField, KeyField

__all__ = [
    "CurrencyRate",
    "Event",
    "EventKey",
    "ImportMark",
    "IntakeCount",
    "IntakeMinute",
    "QuarantinedEvent",
    "WriteKey",
]


class EventKey(models.Model):
    """Makes receiving idempotent: one row for each message of a source, inserted first."""

    source = KeyField(max_length=40)
    message_hash = models.UUIDField()
    received_at = InstantField()

    class Meta:
        app_label = "django_microseg"
        constraints = [models.UniqueConstraint(fields=["source", "message_hash"], name="microseg_eventkey_once")]

    def __str__(self) -> str:
        return f"{self.source}:{self.message_hash}"


class Event(models.Model):
    """Something that happened, in base units and with the visitor's local time fixed."""

    id = models.BigAutoField(primary_key=True)
    profile = models.ForeignKey(
        "django_microseg.Profile",
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="events",
    )
    visitor_key = KeyField(_("visitor key"), max_length=64, blank=True, default="")
    name = KeyField(max_length=64)
    source = KeyField(max_length=40)
    message_hash = models.UUIDField()
    position = models.PositiveSmallIntegerField(
        default=0, help_text=_("0 for the event itself, 1… for the lines derived from it")
    )
    occurred_at = InstantField()
    received_at = InstantField()
    voided_at = InstantField(null=True, blank=True)
    local_hour = models.PositiveSmallIntegerField(null=True)
    local_weekday = models.PositiveSmallIntegerField(null=True, help_text=_("Monday is 0"))
    local_date = DayField(null=True)
    visit_key = KeyField(max_length=64, blank=True, default="")
    value_minor = models.BigIntegerField(null=True)
    currency = KeyField(max_length=3, blank=True, default="")
    value_base_minor = models.BigIntegerField(null=True)
    quantity = models.BigIntegerField(null=True)
    measure = models.BigIntegerField(null=True, help_text=_("thousandths of the event's unit"))
    product_key = KeyField(max_length=100, blank=True, default="")
    category = KeyField(max_length=200, blank=True, default="")
    brand = KeyField(max_length=200, blank=True, default="")
    coupon = KeyField(max_length=100, blank=True, default="")
    order_key = KeyField(max_length=100, blank=True, default="")
    channel = KeyField(max_length=100, blank=True, default="")
    campaign = KeyField(max_length=200, blank=True, default="")
    device = KeyField(max_length=20, blank=True, default="")
    country = KeyField(max_length=2, blank=True, default="")
    region = KeyField(max_length=100, blank=True, default="")
    language = KeyField(max_length=16, blank=True, default="")
    labels = models.TextField(blank=True, default="")
    basis = KeyField(max_length=20, default="consent")
    properties = models.JSONField(default=dict, blank=True)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["profile", "name", "occurred_at"], name="microseg_event_profile"),
            models.Index(fields=["name", "occurred_at"], name="microseg_event_name"),
            models.Index(
                fields=["order_key"],
                name="microseg_event_order",
                condition=~models.Q(order_key=""),
            ),
            models.Index(
                fields=["visitor_key"],
                name="microseg_event_visitor",
                condition=~models.Q(visitor_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.occurred_at:%Y-%m-%d %H:%M}"


class QuarantinedEvent(models.Model):
    """What was received and could not be stored, with the reason and the payload as it came."""

    source = KeyField(max_length=40)
    message_id = models.CharField(max_length=200, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    reason = KeyField(max_length=40)
    detail = models.TextField()
    payload = models.TextField()
    visitor_key = KeyField(max_length=64, blank=True, default="")
    customer_key = KeyField(max_length=100, blank=True, default="")
    received_at = InstantField()

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("quarantined event")
        verbose_name_plural = _("quarantined events")
        indexes = [models.Index(fields=["received_at"], name="microseg_quarantine_time")]

    def __str__(self) -> str:
        return f"{self.name or '?'}: {self.reason}"


class CurrencyRate(models.Model):
    """What one unit of a currency was worth in the shop's base currency from a day on."""

    currency = KeyField(max_length=3)
    day = DayField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("currency rate")
        verbose_name_plural = _("currency rates")
        constraints = [models.UniqueConstraint(fields=["currency", "day"], name="microseg_rate_once")]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate} ({self.day})"


class IntakeCount(models.Model):
    """What came in on one day (UTC) from one source as one event; an empty name is none that is known."""

    day = DayField()
    source = KeyField(max_length=40)
    name = KeyField(max_length=64, blank=True, default="")
    stored = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    repeated = models.PositiveBigIntegerField(default=0, help_text=_("sent again, and known already"))
    late = models.PositiveBigIntegerField(default=0, help_text=_("stored, more than an hour after it happened"))
    lag_ms = models.PositiveBigIntegerField(default=0, help_text=_("the sum over what was stored"))
    machines = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("count of events")
        verbose_name_plural = _("data health")
        constraints = [models.UniqueConstraint(fields=["day", "source", "name"], name="microseg_count_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.source} {self.name}"


class IntakeMinute(models.Model):
    """What came in within one minute, from everywhere. Kept for two days, for who looks at how busy the shop is."""

    minute = InstantField(unique=True)
    stored = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "django_microseg"

    def __str__(self) -> str:
        return f"{self.minute:%Y-%m-%d %H:%M}: {self.stored}"


class ImportMark(models.Model):
    """Up to which row a file has been imported, while an import is under way or after it died.

    Holds nothing about anybody: a file is known by a digest of its size, time, beginning and end.
    """

    fingerprint = KeyField(max_length=32, unique=True)
    row = models.BigIntegerField()
    moved_at = InstantField()

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("import mark")
        verbose_name_plural = _("import marks")

    def __str__(self) -> str:
        return f"row {self.row}"


class WriteKey(models.Model):
    """Who may send events from outside. The key itself is known to nobody but the client: here is its hash.

    A browser's key is public, whoever looks at the page has it: it may only send what a browser may,
    and never says which customer somebody is. A rotated key goes on for some days beside the new one.
    """

    class Scope(models.TextChoices):
        SERVER = "server", _("server: a secret; may send everything and say who somebody is")
        BROWSER = "browser", _("browser: public; may send what a browser may, about anonymous visitors")

    name = KeyField(
        _("name"),
        max_length=24,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*\Z", _("Use a-z, 0-9 and hyphens."))],
        help_text=_("Whose key this is, such as till or app. Its events carry this name as their source."),
    )
    scope = KeyField(_("scope"), max_length=10, choices=Scope, default=Scope.SERVER)
    hint = KeyField(_("begins with"), max_length=12)
    digest = KeyField(max_length=64, unique=True)
    previous_digest = KeyField(max_length=64, blank=True, default="", db_index=True)
    previous_until = InstantField(_("the key before it works until"), null=True, blank=True)
    created_at = InstantField(_("made"))
    rotated_at = InstantField(_("rotated"), null=True, blank=True)
    revoked_at = InstantField(_("revoked"), null=True, blank=True)
    last_used_at = InstantField(_("last used"), null=True, blank=True)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("write key")
        verbose_name_plural = _("write keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @property
    def is_public(self) -> bool:
        return bool(self.scope == self.Scope.BROWSER)

    @property
    def source(self) -> str:
        """Under which name its events are kept, and its message ids counted."""
        return f"{'browser' if self.is_public else 'client'}:{self.name}"
