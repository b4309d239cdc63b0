"""Tables of what people pay less: offers, and what was redeemed of them by which order.

Money is kept in minor units of the offer's currency, a percentage in hundredths of a percent. That
a person redeems an offer once is held by one unique constraint, over keyed hashes of the e-mail
address and the customer's key, so two checkouts at the same moment cannot both have it.
"""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_slug
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from django_microseg import conf
from django_microseg.collect.fields import InstantField, KeyField
from django_microseg.collect.money import from_minor
from django_microseg.profile.models import Profile

from ..models import Experience, validate_segments

__all__ = ["Offer", "Redemption", "RedemptionKey", "shop_currency"]

MAX_CODE = 40


def shop_currency() -> str:
    """The currency in which a new offer's amounts are."""
    return str(conf.get("CURRENCY"))


class Offer(models.Model):
    """Money off, for members of some segments or for whoever knows its code, once for each person."""

    class Kind(models.TextChoices):
        PERCENT = "percent", _("a percentage")
        AMOUNT = "amount", _("an amount")

    State = Experience.State
    Match = Experience.Match

    slug = KeyField(max_length=64, unique=True, validators=[validate_slug], help_text=_("never reused"))
    name = models.CharField(max_length=120, help_text=_("shoppers do not see it"))
    headline = models.CharField(max_length=120, help_text=_("what shoppers read, also on the bill"))
    text = models.CharField(max_length=300, blank=True, default="", help_text=_("a sentence or two for shoppers"))
    kind = KeyField(max_length=10, choices=Kind.choices, default=Kind.PERCENT)
    percent_hundredths = models.PositiveIntegerField(null=True, blank=True)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    currency = KeyField(max_length=3, default=shop_currency, editable=False)
    minimum_minor = models.BigIntegerField(null=True, blank=True)
    maximum_minor = models.BigIntegerField(null=True, blank=True)
    segments = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_segments],
        help_text=_("who gets it; with a code: who is shown it"),
    )
    match = KeyField(max_length=3, choices=Experience.Match.choices, default=Experience.Match.ANY)
    is_first_order = models.BooleanField(_("for a first order"), default=False)
    code = KeyField(
        max_length=MAX_CODE,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[A-Za-z0-9_-]+\Z", _("A code has letters without accents, digits, - and _."))],
        help_text=_("whoever knows it may use it once, in any case of letters; empty: given by itself"),
    )
    stacks = models.BooleanField(_("may be given with others"), default=False)
    state = KeyField(max_length=10, choices=Experience.State.choices, default=Experience.State.DRAFT)
    priority = models.IntegerField(default=0, help_text=_("decides between offers that take off the same"))
    starts_at = InstantField(null=True, blank=True)
    ends_at = InstantField(null=True, blank=True, help_text=_("no longer given from then on"))
    created_at = InstantField(default=timezone.now, editable=False)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-created_at", "slug"]
        constraints = [
            models.UniqueConstraint(
                Upper("code"),
                condition=~Q(code=""),
                name="microseg_offer_code_once",
                violation_error_message=_("Another offer has this code already."),
            ),
            models.CheckConstraint(
                # A comparison with nothing is unknown, and a constraint lets the unknown pass.
                condition=Q(
                    kind="percent",
                    percent_hundredths__isnull=False,
                    percent_hundredths__range=(1, 10_000),
                    amount_minor__isnull=True,
                )
                | Q(
                    kind="amount",
                    amount_minor__isnull=False,
                    amount_minor__gt=0,
                    percent_hundredths__isnull=True,
                ),
                name="microseg_offer_value",
                violation_error_message=_("Give either a percentage above 0 and up to 100, or an amount above 0."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_minor__isnull=True) | Q(minimum_minor__gt=0),
                name="microseg_offer_minimum",
                violation_error_message=_("The least that goods must cost is above 0, or empty."),
            ),
            models.CheckConstraint(
                condition=Q(maximum_minor__isnull=True) | Q(maximum_minor__gt=0),
                name="microseg_offer_maximum",
                violation_error_message=_("The most that is taken off is above 0, or empty."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="microseg_offer_ends_after_start",
                violation_error_message=_("It must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.state == self.State.LIVE:
            self.refuse_everybody()

    def refuse_everybody(self) -> None:
        """Raise if it would be given to whoever comes by: that is a price, and no offer."""
        if not (self.segments or self.code or self.is_first_order):
            text = _("Everybody would get this. Choose segments, give a code, or make it for a first order.")
            raise ValidationError({"segments": text})

    @property
    def percent(self) -> Decimal | None:
        return None if self.percent_hundredths is None else Decimal(self.percent_hundredths).scaleb(-2)

    @property
    def amount(self) -> Decimal | None:
        return self._money(self.amount_minor)

    @property
    def minimum(self) -> Decimal | None:
        return self._money(self.minimum_minor)

    @property
    def maximum(self) -> Decimal | None:
        return self._money(self.maximum_minor)

    def _money(self, minor: int | None) -> Decimal | None:
        return None if minor is None else from_minor(minor, self.currency)


class Redemption(models.Model):
    """An offer taken by an order. It goes back when the order is cancelled or paid back in full."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="redemptions")
    order_key = KeyField(max_length=100)
    # Without a constraint, because checking one would make the shop's order wait for a merge of the person's profiles.
    profile = models.ForeignKey(
        Profile, models.SET_NULL, null=True, blank=True, db_constraint=False, related_name="redemptions"
    )
    amount_minor = models.BigIntegerField()
    currency = KeyField(max_length=3)
    redeemed_at = InstantField()
    returned_at = InstantField(null=True, blank=True)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        ordering = ["-redeemed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order_key", "offer"],
                condition=Q(returned_at__isnull=True),
                name="microseg_redemption_once",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="microseg_redemption_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} by order {self.order_key}"

    @property
    def amount(self) -> Decimal:
        return from_minor(self.amount_minor, self.currency)


class RedemptionKey(models.Model):
    """A keyed hash of somebody who has used an offer. ``scope`` is the offer's slug, or that of all
    offers for a first order together, because an order is the first one only once."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")
        CUSTOMER = "customer", _("customer")

    redemption = models.ForeignKey(Redemption, models.CASCADE, related_name="keys")
    scope = KeyField(max_length=64)
    kind = KeyField(max_length=10, choices=Kind.choices)
    digest = KeyField(max_length=64)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("redemption key")
        verbose_name_plural = _("redemption keys")
        constraints = [
            models.UniqueConstraint(fields=["digest", "scope", "kind"], name="microseg_redemption_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.kind} {self.digest[:12]}"
