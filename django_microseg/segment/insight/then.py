"""Who was in a segment at a past instant: as it was shown then, and as the rule in force now would have had it.

"As shown then" is the change log, read backwards from the members of now. "By the rule of now" is recomputed by scan
over the events that had happened by then and the facts that were valid, of the people as they are known today: a merge
since then is not undone. Somebody counts from their first event on, or from when they were first known. Writes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from ... import conf
from ...collect.fields import to_ms
from ...collect.models import Event
from ...profile.fact_rows import fact_rows
from ...profile.models import Profile
from ...profile.population import compute
from ...profile.scan import Scan
from ..models import Membership, MembershipChange, Segment, SegmentVersion
from ..preview_people import random_part
from ..rulebook import current
from ..ruleset import Ruleset

__all__ = ["MOST", "Then", "compare_then", "in_force_at", "log_begins", "shown_then"]

#: Up to so many people everybody is recomputed; of more, about so many.
MOST = 50_000
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Then:
    """``shown`` and ``recomputed`` are profile ids; ``asked`` of ``people`` were recomputed.

    ``recomputed`` None: no rule is in force. Of a part, ``shown`` holds the same part, ``shown_number`` counts all.
    """

    shown: frozenset[int]
    shown_number: int
    recomputed: frozenset[int] | None
    asked: int
    people: int

    @property
    def is_estimate(self) -> bool:
        return self.asked < self.people


def shown_then(segment: Segment, at: dt.datetime) -> QuerySet[Profile]:
    """Who is in it now and did not move since, and whoever's first move since was out of it."""
    since = MembershipChange.objects.filter(segment=segment, changed_at__gt=at)
    moves = since.filter(profile=OuterRef("pk"))
    earlier = since.filter(profile=OuterRef("profile")).filter(
        Q(changed_at__lt=OuterRef("changed_at")) | Q(changed_at=OuterRef("changed_at"), pk__lt=OuterRef("pk"))
    )
    was_in = Exists(moves.filter(~Exists(earlier), is_entry=False))
    is_in = Exists(Membership.objects.filter(definition=segment.live_version_id, profile=OuterRef("pk")))
    return Profile.objects.filter((is_in & ~Exists(moves)) | was_in)


def in_force_at(segment: Segment, at: dt.datetime) -> SegmentVersion | None:
    """The version that was live at an instant."""
    is_over = Q(live_until__isnull=False, live_until__lte=at)
    return segment.versions.filter(live_from__lte=at).exclude(is_over).order_by("-live_from", "-pk").first()


def log_begins(segment: Segment, now: dt.datetime) -> dt.datetime | None:
    """From when on the log can tell: the first rule in force, or as long as changes are kept. None: never in force."""
    first = segment.versions.exclude(live_from=None).order_by("live_from").values_list("live_from", flat=True).first()
    days = {**conf.DEFAULTS["RETENTION_DAYS"], **conf.get("RETENTION_DAYS")}["changes"]
    kept = now - dt.timedelta(days=days) if days is not None else None
    return max(first, kept) if first and kept else first


def compare_then(segment: Segment, at: dt.datetime) -> Then:
    """Both answers about one instant."""
    was_known = Q(created_at__lte=at) | Exists(Event.objects.filter(profile=OuterRef("pk"), occurred_at__lte=at))
    known = Profile.objects.filter(was_known, merged_into=None)
    people = known.count()
    part = random_part(MOST, people)
    shown = shown_then(segment, at)
    ids = frozenset(shown.filter(part).values_list("pk", flat=True))
    number = len(ids) if not part else shown.count()
    asked = people if not part else known.filter(part).count()
    if segment.live_version_id is None:
        return Then(ids, number, None, asked, people)
    return Then(ids, number, frozenset(_recomputed(segment.live_version_id, known.filter(part), at)), asked, people)


def _recomputed(definition: int, people: QuerySet[Profile], at: dt.datetime) -> Iterator[int]:
    whole = current().ruleset
    ruleset = Ruleset(whole.needed([definition]), version=0, minor_exponent=whole.minor_exponent, zone=whole.zone)
    bit = 1 << next((place for place, each in enumerate(ruleset.definitions) if each.id == definition), 0)
    population, moment = compute({name for _, name in ruleset.compared_traits}, at), to_ms(at)
    scan = Scan(tuple(ruleset.traits), moment, ruleset.minor_exponent)
    for ids in _chunks(people):
        facts = fact_rows(Q(profile__in=ids), ruleset.plan.facts) if ruleset.plan.facts else {}
        for pk, values in scan.rows(Q(pk__in=ids)):
            if ruleset.members_of_values(values, facts.get(pk, {}), moment, population) & bit:
                yield pk


def _chunks(people: QuerySet[Profile]) -> Iterator[list[int]]:
    last = 0
    while ids := list(people.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        yield ids
        last = ids[-1]
