"""Tables of who it is: profiles, the identities that lead to them, merges and declared facts.

A profile carries its evaluation state (see `profile.traits`), the snapshot of its segments and
the next instant at which they may change. Only `segment.refresh` writes those columns.
"""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..collect.fields import InstantField, KeyField
from .queryset import ProfileManager

__all__ = [
    "Account",
    "AccountTouch",
    "ComparedValue",
    "EventCursor",
    "Fact",
    "Identity",
    "LoyaltyMember",
    "Merge",
    "PopulationFact",
    "Profile",
    "Tombstone",
]


class Profile(models.Model):
    """One person as far as we know: an anonymous visitor or a customer."""

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer_key = KeyField(max_length=100, null=True, blank=True, unique=True)
    allocation_key = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = InstantField()
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="absorbed")
    # rises when identities move from or to this profile (see `profile.lock`)
    identities_version = models.PositiveIntegerField(default=0, editable=False)
    # -- written by segment.refresh only
    state = models.BinaryField(null=True, editable=False)
    needs_version = KeyField(max_length=32, blank=True, default="", editable=False)
    snapshot = models.BinaryField(null=True, editable=False)
    ruleset_version = models.BigIntegerField(default=0, editable=False)
    revision = models.BigIntegerField(default=0, editable=False)
    next_flip = InstantField(null=True, blank=True, editable=False)
    dirty_since = InstantField(null=True, blank=True, editable=False)
    is_over_cap = models.BooleanField(default=False, editable=False)

    objects: ClassVar[ProfileManager[Self]] = ProfileManager()

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        permissions = [
            ("export_person", _("Can hand out everything that is held of a person")),
            ("erase_person", _("Can erase a person")),
        ]
        indexes = [
            models.Index(fields=["next_flip"], name="microseg_profile_due"),
            models.Index(
                fields=["dirty_since"],
                name="microseg_profile_dirty",
                condition=models.Q(dirty_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.customer_key or f"visitor {str(self.key)[:8]}"

    @property
    def is_anonymous(self) -> bool:
        return self.customer_key is None


class Identity(models.Model):
    """Something that leads to a profile: a visitor id, a customer key, an e-mail hash, a card."""

    class Kind(models.TextChoices):
        VISITOR = "visitor", _("visitor id")
        CUSTOMER = "customer", _("customer")
        EMAIL = "email", _("e-mail")
        LOYALTY = "loyalty", _("loyalty number")
        DEVICE = "device", _("device")

    kind = KeyField(max_length=20, choices=Kind.choices)
    value = KeyField(max_length=128)
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="identities")
    first_seen_at = InstantField()
    # the profile's `identities_version` when this row was last pointed at it
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="microseg_identity_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value[:12]}"


class Merge(models.Model):
    """A visitor's profile that joined a customer's, with what is needed to undo it.

    Where the customer had no profile yet, the visitor's own became the customer's: then source and
    target are the same. Events go back by ``visitor_keys``; ``moved`` holds what these alone do
    not tell: ids of the source's ``identities``, of events without a visitor key that were the
    source's (``events``) or with one of the keys that were the target's (``kept``), of the ``merges``
    by which others had joined the source, and, where source and target are the same, of ``facts``.
    """

    source = models.ForeignKey(Profile, models.CASCADE, related_name="merges_out")
    target = models.ForeignKey(Profile, models.CASCADE, related_name="merges_in")
    merged_at = InstantField()
    cause = KeyField(max_length=40)
    visitor_keys = models.JSONField(default=list)
    moved = models.JSONField(default=dict, blank=True)
    undone_at = InstantField(null=True, blank=True)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("merge")
        verbose_name_plural = _("merges")

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"

    @property
    def is_promotion(self) -> bool:
        return self.source_id == self.target_id


class Fact(models.Model):
    """A declared or inferred fact of a profile, valid for a time, with its source.

    ``text`` is case-folded. ``number`` is the value in thousandths for numbers and ``yyyymmdd``
    for dates. Exactly one of the two is set.
    """

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="facts")
    origin = models.ForeignKey(Profile, models.CASCADE, related_name="+", help_text=_("whose it was before any merge"))
    name = KeyField(max_length=64)
    text = KeyField(max_length=200, null=True, blank=True)
    number = models.BigIntegerField(null=True, blank=True)
    source = KeyField(max_length=40)
    confidence = models.PositiveSmallIntegerField(default=100, help_text=_("percent"))
    valid_from = InstantField()
    valid_until = InstantField(null=True, blank=True)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        indexes = [
            models.Index(fields=["profile", "name"], name="microseg_fact_profile"),
            models.Index(fields=["name", "text"], name="microseg_fact_account", condition=models.Q(name="account")),
        ]

    def __str__(self) -> str:
        return f"{self.name}={self.text if self.text is not None else self.number}"


class LoyaltyMember(Profile):
    """Somebody with a loyalty card, for the permissions of the loyalty desk; a table of its own it is not."""

    class Meta:
        proxy = True
        app_label = "django_microseg"
        default_permissions = ("view", "add")
        verbose_name = _("loyalty member")
        verbose_name_plural = _("loyalty desk")


class Account(models.Model):
    """A company or household. Who belongs to it says the fact ``account`` of each person, by this ``key``.

    The figures are those of ``counted_at``; without it nobody has counted yet, and there are none.
    """

    key = KeyField(max_length=200, unique=True)
    name = models.CharField(max_length=200, blank=True, default="")
    created_at = InstantField()
    counted_at = InstantField(null=True, blank=True, editable=False, db_index=True)
    members = models.PositiveIntegerField(null=True, editable=False)
    buyers = models.PositiveIntegerField(null=True, editable=False)
    orders = models.PositiveIntegerField(null=True, editable=False)
    spend_minor = models.BigIntegerField(null=True, editable=False)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.name or self.key


class AccountTouch(models.Model):
    """Something that may have changed an account's figures. Only ever added and removed, so that nobody waits."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="touches")

    class Meta:
        app_label = "django_microseg"

    def __str__(self) -> str:
        return f"{self.account_id}"


class EventCursor(models.Model):
    """How far something has followed the events, in the order in which they were stored."""

    name = KeyField(max_length=40, unique=True)
    position = models.BigIntegerField(default=0)

    class Meta:
        app_label = "django_microseg"

    def __str__(self) -> str:
        return f"{self.name}: {self.position}"


class PopulationFact(models.Model):
    """A figure over everybody, as an exact ratio; the newest version is the one that counts.

    ``settled_at`` is when everybody whom it concerns had been looked at again. Empty: somebody is at
    it, or died over it.
    """

    name = KeyField(max_length=64)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    computed_at = InstantField()
    settled_at = InstantField(null=True, blank=True, editable=False)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("population fact")
        verbose_name_plural = _("population facts")
        indexes = [models.Index(fields=["name", "computed_at"], name="microseg_population_name")]

    def __str__(self) -> str:
        return f"{self.name} = {self.numerator}/{self.denominator}"


class ComparedValue(models.Model):
    """A profile's value of a trait that some rule compares with a population fact.

    When the fact moves, only profiles whose value lies between the old and the new one, or whose
    value has expired, need another look. ``value`` is rounded; the rule itself decides exactly.
    """

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="+")
    fact = KeyField(max_length=64)
    trait = KeyField(max_length=32)
    value = models.FloatField()
    valid_until = InstantField(null=True, blank=True)

    class Meta:
        app_label = "django_microseg"
        constraints = [models.UniqueConstraint(fields=["profile", "fact", "trait"], name="microseg_compared_once")]
        indexes = [
            models.Index(fields=["fact", "trait", "value"], name="microseg_compared_value"),
            models.Index(fields=["valid_until"], name="microseg_compared_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.trait} of {self.profile_id}: {self.value}"


class Tombstone(models.Model):
    """A keyed hash of an identity that was erased, so that nothing late brings the person back."""

    digest = KeyField(max_length=64, unique=True)
    erased_at = InstantField()
    expires_at = InstantField(null=True, blank=True, help_text=_("empty: refused for good"))

    class Meta:
        app_label = "django_microseg"

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.erased_at:%Y-%m-%d}"
