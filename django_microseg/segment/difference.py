"""What would change if a version went live: who would come in, who would leave, which segments follow.

Comes in: a version and the instant. Goes out: figures and some people's ids. Nothing is written. Both rules are asked
of everybody in one go, by the scan of the preview, and so are those of the segments that use this one, as they are and
as they would be; of more people than `preview.EXACT` a random part is asked, and figures say how far off they may be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from ..profile.models import Profile
from .models import SegmentVersion
from .patience import Patience
from .preview import ASKED, EXACT
from .preview_figures import scaled
from .preview_people import answers, population_of
from .rulebook import Rulebook, compile_ruleset, current, runnable
from .ruleset import Definition, Ruleset
from .validate import segments_used

__all__ = ["Difference", "Following", "Movement", "difference_of"]

#: How many of each are named.
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Movement:
    """How many people go one way, and how far off that may be (95 %); ``sample`` are ids of some of them."""

    people: int
    margin: int = 0
    sample: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Following:
    """A segment in force that uses the changed one, itself or through another."""

    segment_id: int
    slug: str
    came: Movement
    left: Movement


@dataclass(frozen=True, slots=True)
class Difference:
    """What putting ``version_id`` in force would do; ``live_id`` is the version that it would replace, if any.

    ``before`` and ``after`` are members of ``people``; ``asked`` of these were asked.
    """

    version_id: int
    live_id: int | None
    people: int
    asked: int
    before: int
    after: int
    came: Movement
    left: Movement
    followers: tuple[Following, ...] = ()
    is_momentary: bool = False

    @property
    def is_estimate(self) -> bool:
        return self.asked < self.people

    @property
    def is_nothing(self) -> bool:
        """Whether nobody who was asked would come or go."""
        return not (self.came.people or self.left.people)


def difference_of(version: SegmentVersion, now: dt.datetime) -> Difference:
    """The difference between a version of a segment and what is in force."""
    book = current()
    ruleset, pairs = _side_by_side(version, book)
    people = Profile.objects.filter(merged_into=None).count()
    counts = {slug: _Count(_place(ruleset, old), _place(ruleset, new)) for slug, (old, new) in pairs.items()}
    asked = 0
    wanted, population = people if people <= EXACT else ASKED, population_of(ruleset, book.population, now)
    for pk, _, bits, _, _ in answers(ruleset, wanted, people, population=population, patience=Patience(inf), now=now):
        asked += 1
        for count in counts.values():
            count.add(pk, bits)
    slug = version.segment.slug
    own = counts.pop(slug)
    return Difference(
        version_id=version.pk,
        live_id=version.segment.live_version_id,
        people=people,
        asked=asked,
        before=scaled(own.before, asked, people)[0],
        after=scaled(own.after, asked, people)[0],
        came=own.came(asked, people),
        left=own.left(asked, people),
        followers=tuple(
            Following(book.segments[book.live[name]], name, count.came(asked, people), count.left(asked, people))
            for name, count in sorted(counts.items())
        ),
        is_momentary=version.pk in ruleset.momentary,
    )


def _side_by_side(version: SegmentVersion, book: Rulebook) -> tuple[Ruleset, Mapping[str, tuple[int | None, int]]]:
    """The rules as they are and as they would be, and by slug the ids of both."""
    slug, live = version.segment.slug, book.in_force
    coming = {slug: version.pk, **{name: -live[name].id for name in _followers(slug, live)}}
    rules = {slug: runnable(version.rule), **{name: live[name].rule for name in coming if name != slug}}
    ids = {**book.live, **coming}
    would_be = [
        Definition(coming[name], name, rule, {used: ids[used] for used in segments_used(rule) if used in ids})
        for name, rule in rules.items()
    ]
    as_is = {live[name].id for name in coming if name in live}
    used = {target for each in would_be for target in each.references.values() if target not in coming.values()}
    ruleset = compile_ruleset([*book.ruleset.needed(as_is | used), *would_be], 0)
    return ruleset, {name: (live[name].id if name in live else None, new) for name, new in coming.items()}


def _followers(slug: str, live: Mapping[str, Definition]) -> list[str]:
    """The segments in force that use this one, themselves or through another."""
    found: list[str] = []
    reached = {slug}
    while True:
        more = [name for name, each in live.items() if name not in reached and reached & each.references.keys()]
        if not more:
            return found
        found += more
        reached.update(more)


def _place(ruleset: Ruleset, definition: int | None) -> int | None:
    return None if definition is None else ruleset.position[definition]


@dataclass(slots=True)
class _Count:
    """Counts who is in by the old rule and by the new one; each is a place among the answers."""

    old: int | None
    new: int | None
    before: int = 0
    after: int = 0
    coming: int = 0
    going: int = 0
    came_in: list[int] = field(default_factory=list)
    went_out: list[int] = field(default_factory=list)

    def add(self, pk: int, bits: int) -> None:
        was, will = _is_set(bits, self.old), _is_set(bits, self.new)
        self.before += was
        self.after += will
        if will and not was:
            self.coming += 1
            if len(self.came_in) < _SHOWN:
                self.came_in.append(pk)
        elif was and not will:
            self.going += 1
            if len(self.went_out) < _SHOWN:
                self.went_out.append(pk)

    def came(self, asked: int, people: int) -> Movement:
        return Movement(*scaled(self.coming, asked, people), tuple(self.came_in))

    def left(self, asked: int, people: int) -> Movement:
        return Movement(*scaled(self.going, asked, people), tuple(self.went_out))


def _is_set(bits: int, place: int | None) -> bool:
    return place is not None and bool(bits >> place & 1)
