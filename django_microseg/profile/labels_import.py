"""Tags and audiences that another system keeps of customers, as events: who got one, and who lost one.

Comes in: for each customer the whole list that the system has now. Goes out: events for what is new and what is gone
since the last time, by the same source. So the same list again says nothing, lists of two systems do not disturb each
other, and rules see when somebody came and went.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from ..collect.incoming import IncomingEvent
from ..collect.ingest import ingest
from ..collect.models import Event
from ..collect.record import LABEL_END
from .fact_catalogue import InvalidFact

__all__ = ["COLUMNS", "read_list", "tell_lists"]

#: By column: what a value is called in an event, and the events of getting and losing one.
COLUMNS: Mapping[str, tuple[str, str, str]] = {
    "tags": ("tag", "tag_added", "tag_removed"),
    "audiences": ("audience", "audience_entered", "audience_exited"),
}
_SEPARATOR = re.compile(r"[;|]")
_LONGEST, _MOST = 100, 200
#: A cell that says: none at all. An empty one says nothing.
_NONE = "-"

#: By customer and column: the values.
Lists = Mapping[tuple[str, str], frozenset[str]]


def read_list(column: str, text: str) -> frozenset[str]:
    """The values of a cell, ``vip; wholesale``, in small letters. Raises `InvalidFact`."""
    if text.strip() == _NONE:
        return frozenset()
    values = frozenset(filter(None, (" ".join(part.split()).casefold() for part in _SEPARATOR.split(text))))
    if len(values) > _MOST or any(len(value) > _LONGEST or not value.isprintable() for value in values):
        raise InvalidFact(
            f"{column} takes up to {_MOST} words of up to {_LONGEST} characters, separated by semicolons."
        )
    return values


def tell_lists(lists: Lists, profiles: Mapping[str, int], *, source: str, now: dt.datetime) -> frozenset[int]:
    """Store what changed; ``profiles`` are ids by customer. Gives the profiles of whom anything did."""
    if not lists:
        return frozenset()
    standing = _standing(set(profiles.values()), source)
    events = [
        event
        for (customer, column), values in sorted(lists.items())
        for event in _changes(customer, column, values, standing[profiles[customer], column], now)
    ]
    ingest(events, source=source, received_at=now, basis="contract")
    return frozenset(profiles[str(event.customer_key)] for event in events)


def _changes(
    customer: str, column: str, values: frozenset[str], known: frozenset[str], now: dt.datetime
) -> Iterator[IncomingEvent]:
    word, got, lost = COLUMNS[column]
    for name, changed in ((got, values - known), (lost, known - values)):
        for value in sorted(changed):
            yield IncomingEvent(name, occurred_at=now, customer_key=customer, properties={word: value})


def _standing(profile_ids: set[int], source: str) -> Mapping[tuple[int, str], frozenset[str]]:
    """What each has by the word of a source."""
    meaning = {
        name: (column, word, name == got) for column, (word, got, lost) in COLUMNS.items() for name in (got, lost)
    }
    rows = Event.objects.filter(profile__in=profile_ids, source=source, name__in=meaning)
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for profile_id, name, labels in rows.order_by("occurred_at", "pk").values_list("profile", "name", "labels"):
        column, word, is_got = meaning[name]
        values = {part.removeprefix(f"{word}=") for part in labels.split(LABEL_END) if part.startswith(f"{word}=")}
        found[profile_id, column] = found[profile_id, column] | values if is_got else found[profile_id, column] - values
    return defaultdict(frozenset, {key: frozenset(values) for key, values in found.items()})
