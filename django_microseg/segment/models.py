"""Tables of groups: segments and their versions, memberships, the change log, the publication.

`Membership` is the truth about who is in; the snapshot on the profile repeats it for one-read
access. `MembershipChange` is history and outbox in one. Only `segment.refresh` writes them.
`RefreshRun` and `RefreshShard` say how far work over many profiles has come.
"""

from __future__ import annotations

from django.core.validators import validate_slug
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..collect.fields import DayField, InstantField, KeyField
from ..profile.models import Profile
from .filing import LONGEST_FOLDER, LONGEST_TAGS

__all__ = [
    "Heartbeat",
    "Membership",
    "MembershipChange",
    "Preparation",
    "Publication",
    "RefreshRun",
    "RefreshShard",
    "Segment",
    "SegmentSize",
    "SegmentVersion",
]


class Segment(models.Model):
    """A named group of people. Its rule lives in its versions; one of them is live."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        ARCHIVED = "archived", _("archived")

    slug = KeyField(max_length=64, unique=True, validators=[validate_slug], help_text=_("never reused"))
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    # both in the form that `filing` gives them
    folder = models.CharField(max_length=LONGEST_FOLDER, blank=True, default="", db_index=True)
    tags = models.CharField(max_length=LONGEST_TAGS, blank=True, default="")
    owner = models.CharField(
        max_length=150, blank=True, default="", help_text=_("who answers for it: the user name of a member of staff")
    )
    purpose = models.CharField(max_length=300, blank=True, default="", help_text=_("what it may be used for"))
    managed_by = models.CharField(
        max_length=200, blank=True, default="", editable=False, help_text=_("the file that it comes from")
    )
    state = KeyField(max_length=10, choices=State.choices, default=State.DRAFT)
    # appointments that a sweep keeps and then crosses out
    in_force_from = InstantField(null=True, blank=True)
    in_force_until = InstantField(null=True, blank=True)
    live_version = models.ForeignKey("SegmentVersion", models.SET_NULL, null=True, blank=True, related_name="+")
    size = models.PositiveIntegerField(null=True, blank=True, editable=False)
    # how many of them are customers, not visitors without a name; counted at the same time
    size_identified = models.PositiveIntegerField(null=True, blank=True, editable=False)
    size_at = InstantField(_("last counted"), null=True, blank=True, editable=False)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["slug"]
        permissions = [("approve_segment", _("Can approve rules of segments that others wrote"))]
        indexes = [
            models.Index(
                fields=["in_force_from", "in_force_until"],
                name="microseg_segment_due",
                condition=models.Q(in_force_from__isnull=False) | models.Q(in_force_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Preparation(models.Model):
    """New rules on their way to going live together: everybody is asked for them, and any process may go on with it.

    Whoever was looked at for ``ruleset_version`` or a later one has been asked; so has everybody up to the profile
    ``reached``. The row goes when its rules are in force.
    """

    ruleset_version = models.PositiveBigIntegerField()
    reached = models.BigIntegerField(default=0)
    #: when somebody was last at work on it, and whether they have stopped
    worked_at = InstantField()
    is_free = models.BooleanField(default=False)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("preparation")
        verbose_name_plural = _("preparations")
        default_permissions = ()

    def __str__(self) -> str:
        return f"preparation for ruleset {self.ruleset_version}"


class SegmentVersion(models.Model):
    """One definition of a segment: the rule as a tree, and when it was in force."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PREPARING = "preparing", _("being prepared")
        LIVE = "live", _("live")
        RETIRED = "retired", _("retired")
        DISCARDED = "discarded", _("discarded")

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    rule = models.JSONField()
    state = KeyField(max_length=10, choices=State.choices, default=State.DRAFT)
    note = models.CharField(max_length=200, blank=True, default="")
    author = models.CharField(max_length=150, blank=True, default="")
    approved_by = models.CharField(max_length=150, blank=True, default="")
    approved_at = InstantField(null=True, blank=True)
    created_at = InstantField()
    preparation = models.ForeignKey(
        Preparation, models.SET_NULL, null=True, blank=True, editable=False, related_name="versions"
    )
    # while the list of a frozen one is being noted: when somebody was last at work on it
    worked_at = InstantField(null=True, blank=True, editable=False)
    live_from = InstantField(null=True, blank=True)
    live_until = InstantField(null=True, blank=True)
    # for what it was scheduled, where a sweep put it in force or took it out
    started_by_schedule = InstantField(null=True, blank=True, editable=False)
    ended_by_schedule = InstantField(null=True, blank=True, editable=False)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("segment version")
        verbose_name_plural = _("segment versions")
        constraints = [models.UniqueConstraint(fields=["segment", "number"], name="microseg_version_once")]

    def __str__(self) -> str:
        return f"{self.segment_id} v{self.number}"


class Membership(models.Model):
    """A profile is in a segment, by one of its definitions, since an instant.

    Rows of a definition that is not live yet are being prepared: a new rule is filled in beside
    the old one, and going live is one change of `Segment.live_version`.
    """

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="memberships")
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="memberships")
    definition = models.ForeignKey(SegmentVersion, models.CASCADE, related_name="memberships")
    since = InstantField()

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["definition", "profile"], name="microseg_member_once")]

    def __str__(self) -> str:
        return f"{self.profile_id} in {self.segment_id}"


class MembershipChange(models.Model):
    """An entry or exit with its cause; signals are delivered from here, at least once."""

    class Cause(models.TextChoices):
        EVENT = "event", _("event")
        TIME = "time", _("passing of time")
        DEFINITION = "definition", _("changed rule")
        MERGE = "merge", _("merge of profiles")
        IMPORT = "import", _("import")
        POPULATION = "population", _("moved shop average")

    id = models.BigAutoField(primary_key=True)
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="changes")
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="changes")
    is_entry = models.BooleanField()
    cause = KeyField(max_length=12, choices=Cause.choices)
    changed_at = InstantField()
    definition = models.ForeignKey(SegmentVersion, models.SET_NULL, null=True, related_name="changes")
    delivered_at = InstantField(null=True, blank=True)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("membership change")
        verbose_name_plural = _("membership changes")
        indexes = [
            models.Index(fields=["segment", "changed_at"], name="microseg_change_segment"),
            models.Index(fields=["profile", "changed_at"], name="microseg_change_profile"),
            models.Index(
                fields=["id"],
                name="microseg_change_outbox",
                condition=models.Q(delivered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} {'entered' if self.is_entry else 'left'} {self.segment_id}"


class SegmentSize(models.Model):
    """How large a segment was on a day of the shop's calendar, and what moved it. Names nobody, so erasures leave it.

    ``size`` is that of the day's end, or of the last count on the day that is not over. ``joined`` and
    ``left`` are what people did and time; ``by_rule`` is what a changed rule brought, or took away.
    """

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="sizes")
    day = DayField()
    size = models.PositiveIntegerField()
    joined = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    by_rule = models.IntegerField(default=0)
    # worked out afterwards, from the recorded events under the rule of later on; never counted then
    is_recomputed = models.BooleanField(default=False)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("segment size")
        verbose_name_plural = _("segment sizes")
        constraints = [models.UniqueConstraint(fields=["segment", "day"], name="microseg_size_once")]

    def __str__(self) -> str:
        return f"{self.segment_id} on {self.day}: {self.size}"


class Publication(models.Model):
    """What every web process needs to know, in one row: rules, population facts, experiences, offers,
    and whether personalisation is stopped.

    ``version`` rises with each change, so one small read tells a process that it is behind.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    version = models.BigIntegerField(default=0)
    ruleset_version = models.BigIntegerField(default=0)
    ruleset = models.JSONField(default=dict)
    experiences = models.JSONField(default=list)
    offers = models.JSONField(default=list)
    is_stopped = models.BooleanField(default=False)
    stopped_by = models.CharField(max_length=150, blank=True, default="")
    stopped_at = InstantField(null=True, blank=True)
    stop_note = models.CharField(max_length=200, blank=True, default="")
    published_at = InstantField(null=True)

    class Meta:
        app_label = "django_microseg"

    def __str__(self) -> str:
        return f"publication {self.version}"


class RefreshRun(models.Model):
    """One run of refresh over many profiles: what it did, how long it took, what went wrong.

    A full run is cut into shards, so that several processes can share it and none must finish it in
    one go; ``as_of`` is what its clock said when it started. At most one full run is under way.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = KeyField(max_length=12)
    state = KeyField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_at = InstantField()
    seen_at = InstantField(null=True, help_text=_("the last sign of life of whoever works on it, but for full runs"))
    finished_at = InstantField(null=True)
    profiles = models.PositiveIntegerField(default=0)
    entered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    # -- full runs only
    by = KeyField(max_length=8, blank=True, default="", help_text=_("fold or scan"))
    asked_by = models.CharField(max_length=150, blank=True, default="")
    as_of = InstantField(null=True)
    measured_at = InstantField(null=True, help_text=_("when the shop's own figures had been computed"))
    total = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("refresh run")
        verbose_name_plural = _("refresh runs")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                name="microseg_one_full_run",
                condition=models.Q(kind="full", state="running"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class RefreshShard(models.Model):
    """A range of profile ids of a full run, from ``low`` to ``high``, and how far it has been done.

    ``attempts`` counts how often it was taken without getting any further.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TAKEN = "taken", _("taken")
        DONE = "done", _("done")
        PARKED = "parked", _("parked")

    run = models.ForeignKey(RefreshRun, models.CASCADE, related_name="shards")
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    reached = models.BigIntegerField(help_text=_("the last profile id that has been done"))
    state = KeyField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_at = InstantField(null=True)
    profiles = models.PositiveIntegerField(default=0)
    entered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("refresh shard")
        verbose_name_plural = _("refresh shards")
        constraints = [models.UniqueConstraint(fields=["run", "low"], name="microseg_shard_once")]

    def __str__(self) -> str:
        return f"{self.low} to {self.high}: {self.state}"


class Heartbeat(models.Model):
    """When one kind of process, or a daily task, was last seen at work."""

    name = KeyField(max_length=20, unique=True)
    seen_at = InstantField()

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%Y-%m-%d %H:%M}"
