"""Do publication, segments, memberships and snapshots say the same?"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Max, Min

from django_microseg.profile.models import Profile
from django_microseg.segment.membership import read_snapshot
from django_microseg.segment.models import Membership, Publication, Segment
from django_microseg.segment.preparation import left_over
from django_microseg.segment.rulebook import current

from .finding import Finding, ill, well

__all__ = ["probe_publication", "probe_snapshots", "probe_unfinished"]

_PLACES, _AT_EACH = 20, 25


def probe_publication(now: dt.datetime) -> Finding:
    """What web processes go by is what the segments' table says is in force."""
    row = Publication.objects.filter(pk=1).first()
    entries = row.ruleset.get("definitions", []) if row else []
    published = {entry["slug"]: entry["id"] for entry in entries if entry["is_live"]}
    in_force = dict(
        Segment.objects.filter(state=Segment.State.ACTIVE, live_version__isnull=False).values_list(
            "slug", "live_version_id"
        )
    )
    wrong = sorted(slug for slug in published | in_force if published.get(slug) != in_force.get(slug))
    if wrong:
        return ill(
            "publication",
            f"differs from the segments' table in {', '.join(wrong)}",
            "Activate these segments again in the admin.",
        )
    if not in_force:
        return ill("publication", "no segment is in force", "Run manage.py microseg_presets, or make one in the admin.")
    return well("publication", f"{len(in_force)} segments in force, as published")


def probe_unfinished(now: dt.datetime) -> Finding:
    """A version in preparation that nobody works on waits for a sweep; sweeps come every minute."""
    slugs = sorted(set(left_over(now).values_list("segment__slug", flat=True)))
    if slugs:
        hint = (
            "Nobody is at work on them. Run manage.py microseg_sweep; if sweeps run, their log says what holds them up."
        )
        return ill("versions", f"in preparation: {', '.join(slugs)}", hint)
    return well("versions", "none was left in preparation")


def probe_snapshots(now: dt.datetime) -> Finding:
    """The truth and its copy on the profile's row, compared for some profiles over the whole table.

    Only definitions in force: others leave their traces in snapshots until the next refresh.
    """
    profiles, live = _sample(), current().live_ids
    rows = Membership.objects.filter(profile__in=profiles, definition__in=live)
    truth: defaultdict[int, set[int]] = defaultdict(set)
    for profile_id, definition_id in rows.values_list("profile_id", "definition_id"):
        truth[profile_id].add(definition_id)
    wrong = [row.pk for row in profiles if read_snapshot(row.snapshot) & live != truth[row.pk]]
    if wrong:
        text = f"{len(wrong)} of {len(profiles)} looked at differ from the memberships, such as profile {wrong[0]}"
        return ill("snapshots", text, "Run manage.py microseg_refresh.")
    return well("snapshots", f"{len(profiles)} looked at, as the memberships")


def _sample() -> list[Profile]:
    """A few rows at each of some places, evenly over the table and always the same."""
    live = Profile.objects.filter(merged_into=None).order_by("pk")
    ends = live.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return []
    width = max(1, (ends["last"] - ends["first"] + 1) // _PLACES)
    found = {
        row.pk: row
        for place in range(ends["first"], ends["last"] + 1, width)
        for row in live.filter(pk__gte=place)[:_AT_EACH]
    }
    return list(found.values())
