"""Values to choose from while a rule is built: what the shop has, and what people did lately.

A new value can always be typed; this only saves typing. Nothing here reads a whole table: events are asked for the last
few thousand of their name by its index, facts for the newest rows. What people wrote or said of themselves is offered
only where several of them share it. Whose ids are personal (orders, visits) are not offered at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Case, Max, Q, QuerySet, When

from ...collect.events import catalogue
from ...collect.models import Event
from ...collect.record import LABEL_END
from ...profile.models import Fact
from ...profile.traits.columns import COLUMNS
from ...shop.current import current_shop
from ..models import Segment
from ..terms import Term, Vocabulary

__all__ = ["LIMIT", "Suggestion", "has_values", "suggest"]

LIMIT = 20
#: So many of the latest events, and of the newest facts, are looked at.
_LOOKED_AT = 5_000
_FACTS = 20_000
#: What people wrote themselves is shown from so many people on.
_SHARED_BY = 3
#: So many products are named by the shop for one question.
_PRODUCTS = 300
_PERSONAL = frozenset({"order", "visit", "account"})
_ANY = "any"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``value`` is what the rule compares with, ``label`` what it is called."""

    value: str
    label: str


def has_values(subject: str, term: Term) -> bool:
    """Whether values of a property, a fact or a piece of context can be asked for."""
    if term.kind not in ("text", "key", "label") or term.name in _PERSONAL:
        return False
    return subject in ("field", "fact") or term.name in COLUMNS


def suggest(subject: str, name: str, start: str, vocabulary: Vocabulary, *, event: str = _ANY) -> list[Suggestion]:
    """At most `LIMIT` values that begin, or whose words begin, with ``start`` in any case; the most frequent first."""
    start = start.strip().casefold()
    if subject == "segment":
        found = _segments(start)
    elif subject == "fact" and _is_offered(subject, vocabulary.facts.get(name)):
        found = _plain(_facts(name))
    elif subject == "context" and _is_offered(subject, vocabulary.contexts.get(name)):
        found = _of_events(_ANY, vocabulary.events[_ANY].filters[name])
    elif subject == "field" and event in vocabulary.events:
        term = vocabulary.events[event].filters.get(name)
        found = _of_events(event, term) if term is not None and _is_offered(subject, term) else iter(())
    else:
        return []
    return _first(each for each in found if _begins(each, start))


def _is_offered(subject: str, term: Term | None) -> bool:
    return term is not None and has_values(subject, term)


def _begins(suggestion: Suggestion, start: str) -> bool:
    value, label = suggestion.value.casefold(), suggestion.label.casefold()
    return value.startswith(start) or label.startswith(start) or any(w.startswith(start) for w in label.split())


def _first(found: Iterable[Suggestion]) -> list[Suggestion]:
    """The first of each value."""
    single: dict[str, Suggestion] = {}
    for each in found:
        single.setdefault(each.value, each)
        if len(single) == LIMIT:
            break
    return list(single.values())


def _plain(values: Iterable[str]) -> Iterator[Suggestion]:
    return (Suggestion(value, value) for value in values)


def _segments(start: str) -> Iterator[Suggestion]:
    """Segments are few enough to be looked through by name; first come those whose name begins so."""
    rows = Segment.objects.exclude(state=Segment.State.ARCHIVED)
    begins = Q(slug__istartswith=start) | Q(name__istartswith=start)
    if start:
        rows = rows.filter(begins | Q(name__icontains=f" {start}"))
    first = Case(When(begins, then=0), default=1)
    rows = rows.order_by(first, "name", "slug")
    return (Suggestion(slug, name) for slug, name in rows.values_list("slug", "name")[:LIMIT])


def _of_events(event: str, term: Term) -> Iterator[Suggestion]:
    if term.name not in COLUMNS:
        yield from _plain(_labels(event, term.name))
        return
    seen = _columns(event, COLUMNS[term.name].attribute)
    if term.name == "category":
        yield from _categories(seen)
    elif term.name == "product":
        yield from _products(seen)
    else:
        yield from _plain(seen)


def _columns(event: str, column: str) -> list[str]:
    """Values of a column among the latest events, the most frequent first."""
    values = _latest(event).values_list(column, flat=True)[:_LOOKED_AT]
    return _by_frequency(Counter(filter(None, values)))


def _latest(event: str) -> QuerySet[Event]:
    """The latest events of a name by its index; of a group the newest of the table that belong to it.

    What is empty is not left out here: of a property that nobody has, all events would be read to find that out.
    """
    names = catalogue().event_names(event)
    if names is not None and len(names) == 1:
        return Event.objects.filter(name=event).order_by("-occurred_at")
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    rows = Event.objects.filter(pk__gt=newest - _LOOKED_AT).order_by("-pk")
    return rows if names is None else rows.filter(name__in=names)


def _by_frequency(counted: Counter[str]) -> list[str]:
    return [value for value, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]


def _labels(event: str, name: str) -> list[str]:
    """Values of a label that several people share."""
    rows = _latest(event).values_list("profile_id", "visitor_key", "labels")[:_LOOKED_AT]
    begin = f"{name}="
    return _shared(
        (part.removeprefix(begin), profile or visitor)
        for profile, visitor, labels in rows
        for part in labels.split(LABEL_END)
        if part.startswith(begin)
    )


def _facts(name: str) -> list[str]:
    """Values of a fact that several people share."""
    newest = Fact.objects.aggregate(newest=Max("pk"))["newest"] or 0
    rows = Fact.objects.filter(pk__gt=newest - _FACTS, name=name, text__isnull=False)
    return _shared((text, person) for text, person in rows.values_list("text", "profile_id") if text)


def _shared(said: Iterable[tuple[str, object]]) -> list[str]:
    people: dict[str, set[object]] = defaultdict(set)
    for value, person in said:
        people[value].add(person)
    return _by_frequency(Counter({value: len(who) for value, who in people.items() if len(who) >= _SHARED_BY}))


def _categories(seen: list[str]) -> Iterator[Suggestion]:
    """Those of the shop by their titles, then what only events know."""
    for category in current_shop().categories():
        yield Suggestion(category.key.casefold(), category.title)
    yield from _plain(seen)


def _products(seen: list[str]) -> Iterator[Suggestion]:
    """What people looked at lately, by its title; a few others of the shop where nobody looked at anything."""
    shop = current_shop()
    known = shop.products(seen[:_PRODUCTS]) if seen else {product.key: product for product in shop.sample(LIMIT)}
    for key in seen or known:
        yield Suggestion(key, known[key].title if key in known else key)
