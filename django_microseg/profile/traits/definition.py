"""What a trait is: an aggregate over a filtered stream of events within a window.

Plain frozen values, hashable, without Django. Fold, scan and oracle all evaluate exactly this, so
every rule about windows, ties and missing values is stated here once:

* a window is half-open: ``now - oldest < t <= now - newest``;
* a window "since X" starts after the last X (of any time up to now); without an X it is all time;
* a filter picks an event only if each test holds; a test on a missing property does not hold;
* an event counts at ``now`` if ``occurred_at <= now`` and it is not voided at or before ``now``;
* events are ordered by (time, source, message hash, line position);
* the value of an order is what was paid less the refunds, up to ``now``, that name the order;
* `avg`, `min`, `max`, `first`, `last`, `top`, time since, mean gap and shares of nothing are
  unknown; `count`, `sum`, `distinct` and active days of nothing are 0;
* unknown amounts are left out of `sum`, `avg`, `min` and `max`; missing text is left out of
  `distinct`, `top`, `first` and `last`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

__all__ = [
    "ALL_TIME",
    "DAY",
    "HOUR",
    "MINUTE",
    "SHARES",
    "TEXT_AGGREGATES",
    "TIME_SINCE",
    "After",
    "Number",
    "Stream",
    "Test",
    "Trait",
    "Window",
]

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

#: A number of a rule: exact, an int where it is whole.
Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Test:
    """One test on a property of a past event.

    ``op`` is one of ``eq ne in not_in between ge le``; ``values`` holds one value (two for
    ``between``, both ends included; any number for ``in`` and ``not_in``). A name of
    `columns.COLUMNS` means that column; any other name means the event's measure when the values
    are numbers, and a label otherwise. Money and measures are in units as people write them.
    """

    __test__: ClassVar = False  # for pytest, which takes any class of this name for its own

    field: str
    op: str
    values: tuple[str | Number, ...]


@dataclass(frozen=True, slots=True)
class After:
    """Keeps an event only if another one came before it (or, negated, did not) within a time.

    Holds for an event B when some event A comes before B in the order of events and
    ``t_B - within < t_A <= t_B``.
    """

    event: str
    where: tuple[Test, ...]
    within: int
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """The events of one name (or of a group of names) that pass a filter."""

    event: str
    where: tuple[Test, ...] = ()
    after: After | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of the past counts, in milliseconds ago; ``oldest`` None means all time."""

    newest: int = 0
    oldest: int | None = None
    since: Stream | None = None


ALL_TIME = Window()

#: Aggregates whose value is text.
TEXT_AGGREGATES = frozenset({"first", "last", "top"})
#: Aggregates that are a time, with the length in milliseconds of the unit they are written in.
TIME_SINCE = {"days_since": DAY, "hours_since": HOUR, "minutes_since": MINUTE}
#: Aggregates that are a ratio of two counts.
SHARES = frozenset({"share", "follows_share", "not_follows_share"})


@dataclass(frozen=True, slots=True)
class Trait:
    """One figure over a profile's events.

    ============================== ================================================== ==========
    aggregate                      value                                              unit
    ============================== ================================================== ==========
    count                          how many events                                    1
    sum avg min max                of ``field``: value, quantity or the measure       the field's
    distinct                       how many different values of ``field``             1
    active_days active_weeks       how many different local days / ISO weeks          1
    first last                     ``field`` of the first / last event that has it    text
    top                            most frequent ``field``; ties by the lowest        text
    days_since hours_since …       time from the last event to now                    the name's
    mean_gap                       (last - first) / (count - 1)                       days
    share                          part of the events that also pass ``part``         ratio
    follows not_follows            how many events (not) following ``stream.after``   1
    follows_share …_share          the same as a part of all of the stream's events   ratio
    ============================== ================================================== ==========
    """

    aggregate: str
    stream: Stream
    window: Window = ALL_TIME
    field: str | None = None
    part: tuple[Test, ...] = ()
