"""The scan: the traits of all active rules for any set of profiles in one statement.

It starts from Profile, because someone without events is somebody, joins the events that some
trait asks for, and aggregates conditionally with ``now`` as a parameter. Used for full refreshes,
new segments, previews and as-of questions. Every expression here has its twin in
`profile.traits.fold`; an oracle in the tests holds both to the same meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from math import ceil, floor
from operator import and_, itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db import router
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Mod, StrIndex
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThanOrEqual, Lookup

from ..collect.models import Event
from .models import Profile
from .traits.columns import column_of
from .traits.definition import SHARES, TIME_SINCE, After, Stream, Test, Trait
from .traits.fold import NEVER
from .traits.match import label_needle, literals_of, names_of
from .traits.plan import ORDER, REFUND, is_refundable, share_streams

__all__ = ["Scan"]

#: How many trait columns go into one statement; SQLite allows 2,000 result columns, PostgreSQL
#: 1,664, and a trait takes at most three.
COLUMNS_AT_ONCE = 400

_INTEGER = BigIntegerField()


if TYPE_CHECKING:
    _Lookup: TypeAlias = Lookup[Any]
else:
    _Lookup = Lookup


class NotEqual(_Lookup):
    """``a <> b``; Django's negated Q would count a missing value as different."""

    lookup_name = "microseg_ne"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} <> {right}", [*left_parameters, *right_parameters]


class _PerProfile(Subquery):
    """A subquery that depends on the profile alone.

    Django would put it into GROUP BY, where it is evaluated for each joined event.
    """

    def get_group_by_cols(self) -> list[Any]:
        return []


class Scan:
    """The statement for a list of traits, as of one instant (milliseconds since 1970).

    ``own`` names columns of the profile's own row, which follow the figures.
    """

    def __init__(self, traits: Sequence[Trait], now: int, minor_exponent: int, *, own: Sequence[str] = ()) -> None:
        self._traits = tuple(traits)
        self._own_columns = tuple(own)
        self._now = now
        self._minor_exponent = minor_exponent

    def rows(self, profiles: Q) -> Iterator[tuple[int, list[Any]]]:
        """(profile id, figures in the order of the traits) for the profiles that match."""
        chunks = [self._traits[at : at + COLUMNS_AT_ONCE] for at in range(0, len(self._traits), COLUMNS_AT_ONCE)] or [
            ()
        ]
        *others, last = chunks
        if not others:
            yield from self._chunk(last, profiles, self._own_columns)
            return
        parts_of = (*(self._chunk(chunk, profiles) for chunk in others), self._chunk(last, profiles, self._own_columns))
        for parts in zip(*parts_of, strict=True):
            yield parts[0][0], [figure for _, figures in parts for figure in figures]

    def queryset(self, traits: Sequence[Trait], profiles: Q, own: Sequence[str] = ()) -> QuerySet[Any]:
        """Profiles with one to three columns for each trait, named ``t<i>_<part>``, behind those of their own."""
        columns = {
            f"t{at}_{part}": expression
            for at, trait in enumerate(traits)
            for part, expression in enumerate(self._columns(trait))
        }
        base = Profile.objects.filter(profiles, merged_into=None).annotate(
            e=FilteredRelation("events", condition=self._counting(traits))
        )
        rows: QuerySet[Any] = base.order_by("pk").values("pk", *own).annotate(**columns)
        return rows.values_list("pk", *own, *columns)

    def _chunk(self, traits: Sequence[Trait], profiles: Q, own: Sequence[str] = ()) -> Iterator[tuple[int, list[Any]]]:
        """Django makes the statement; its converters for each cell would cost more than the rest."""
        shapes = _shapes(traits, [len(self._columns(trait)) for trait in traits], 1 + len(own))
        shapes += [itemgetter(1 + at) for at in range(len(own))]
        compiler = self.queryset(traits, profiles, own).query.get_compiler(using=router.db_for_read(Profile))
        sql, parameters = compiler.as_sql()
        with compiler.connection.chunked_cursor() as cursor:
            cursor.execute(sql, parameters)
            while rows := cursor.fetchmany(2000):
                for row in rows:
                    yield row[0], [shape(row) for shape in shapes]

    def _counting(self, traits: Sequence[Trait]) -> Q:
        """Which events join at all: those that count at ``now`` and that some trait asks for."""
        condition = Q(events__occurred_at__lte=self._now) & (
            Q(events__voided_at__isnull=True) | Q(events__voided_at__gt=self._now)
        )
        names = [names_of(trait.stream.event) for trait in traits]
        wanted = [each for each in names if each is not None]
        if len(wanted) == len(names):
            condition &= Q(events__name__in=sorted(frozenset().union(*wanted)))
        return condition

    # -- columns

    def _columns(self, trait: Trait) -> list[Any]:
        aggregate = trait.aggregate
        if aggregate in ("first", "last"):
            return [self._edge(trait)]
        if aggregate == "top":
            return [self._top(trait)]
        if aggregate in SHARES:
            whole, part = share_streams(trait)
            return [self._count(part, trait), self._count(whole, trait)]
        condition = self._condition(trait.stream, trait)
        if aggregate in TIME_SINCE:
            return [_integer(Max("e__occurred_at", filter=condition))]
        if aggregate == "mean_gap":
            return [
                _integer(Min("e__occurred_at", filter=condition)),
                _integer(Max("e__occurred_at", filter=condition)),
                Count("e__pk", filter=condition),
            ]
        if aggregate in ("distinct", "active_days", "active_weeks"):
            return [self._distinct(trait, condition)]
        if aggregate in ("sum", "avg", "min", "max"):
            return self._amounts(trait, condition)
        return [Count("e__pk", filter=condition)]

    def _count(self, stream: Stream, trait: Trait) -> Any:
        return Count("e__pk", filter=self._condition(stream, trait))

    def _distinct(self, trait: Trait, condition: Q) -> Any:
        if trait.aggregate == "distinct":
            name = f"e__{column_of(trait.field or '').db_column}"  # type: ignore[union-attr]
            present = condition & Q(NotEqual(F(name), Value("")))
            return Count(F(name), filter=present, distinct=True)
        day: Any = ExpressionWrapper(F("e__local_date"), output_field=_INTEGER)
        if trait.aggregate == "active_weeks":
            day = ExpressionWrapper(day - Mod(day + 3, 7), output_field=_INTEGER)
        return Count(day, filter=condition, distinct=True)

    def _amounts(self, trait: Trait, condition: Q) -> list[Any]:
        column = column_of(trait.field or "")
        amount: Any = F(f"e__{column.db_column}")  # type: ignore[union-attr]
        if is_refundable(trait):
            refunded = Case(When(e__name=ORDER, then=Coalesce(self._refunded(), Value(0))), default=Value(0))
            amount = ExpressionWrapper(amount - refunded, output_field=_INTEGER)
        if trait.aggregate in ("min", "max"):
            function = Min if trait.aggregate == "min" else Max
            return [function(amount, filter=condition, output_field=_INTEGER)]
        total = Sum(amount, filter=condition, output_field=_INTEGER)
        if trait.aggregate == "sum":
            return [Coalesce(total, Value(0))]
        return [total, Count(amount, filter=condition)]

    def _refunded(self) -> Any:
        """What was refunded of the order of the event at hand, up to ``now``."""
        refunds = self._own(Stream(REFUND)).filter(order_key=OuterRef("e__order_key"))
        refunds = refunds.exclude(order_key="")
        return _single(refunds, Sum("value_base_minor"))

    def _edge(self, trait: Trait) -> Any:
        descending = trait.aggregate == "last"
        names = ("occurred_at", "source", "message_hash", "position")
        order = [F(name).desc() if descending else F(name).asc() for name in names]
        column, events = self._present(trait)
        return _PerProfile(events.order_by(*order).values(column)[:1])

    def _top(self, trait: Trait) -> Any:
        column, events = self._present(trait)
        counted = events.order_by().values(column).annotate(n=Count("pk"))
        return _PerProfile(counted.order_by("-n", column).values(column)[:1])

    def _present(self, trait: Trait) -> tuple[str, QuerySet[Event]]:
        """The trait's own events in its window that have a value in its column."""
        column = column_of(trait.field or "").db_column  # type: ignore[union-attr]
        events = self._own(trait.stream).filter(self._window(trait, "", "profile_id"))
        return column, events.filter(Q(NotEqual(F(column), Value(""))))

    # -- conditions

    def _condition(self, stream: Stream, trait: Trait) -> Q:
        """An event of the join belongs to the stream and lies in the trait's window."""
        return self._stream(stream, "e__", "pk") & self._window(trait, "e__", "pk")

    def _window(self, trait: Trait, prefix: str, person: str) -> Q:
        window, moment = trait.window, f"{prefix}occurred_at"
        condition = Q()
        if window.newest:
            condition &= Q(**{f"{moment}__lte": self._now - window.newest})
        if window.oldest is not None:
            condition &= Q(**{f"{moment}__gt": self._now - window.oldest})
        if window.since is not None:
            last = _single(self._own(window.since, person), Max("occurred_at"))
            start = Coalesce(last, Value(NEVER), output_field=_INTEGER)
            moment_field = ExpressionWrapper(F(moment), output_field=_INTEGER)
            condition &= Q(GreaterThan(moment_field, start))
        return condition

    def _own(self, stream: Stream, person: str = "pk") -> QuerySet[Event]:
        """The events of a stream that count at ``now``, of the profile of the outer query."""
        counting = Q(voided_at__isnull=True) | Q(voided_at__gt=self._now)
        events = Event.objects.filter(counting, profile_id=OuterRef(person), occurred_at__lte=self._now)
        return events.filter(self._stream(stream, "", "profile_id"))

    def _stream(self, stream: Stream, prefix: str, person: str) -> Q:
        condition = Q()
        names = names_of(stream.event)
        if names is not None and len(names) == 1:
            condition &= Q(**{f"{prefix}name": next(iter(names))})
        elif names is not None:
            condition &= Q(**{f"{prefix}name__in": sorted(names)})
        elif prefix:
            condition &= Q(**{f"{prefix}pk__isnull": False})
        for test in stream.where:
            condition &= self._test(test, prefix)
        if stream.after is not None:
            earlier = Exists(self._earlier(stream.after, prefix, person))
            condition &= ~Q(earlier) if stream.after.is_negated else Q(earlier)
        return condition

    def _earlier(self, after: After, prefix: str, person: str) -> QuerySet[Event]:
        """Events that come before the event at hand in the order of events, within the time."""
        own = {name: OuterRef(f"{prefix}{name}") for name in ("source", "message_hash", "position")}
        moment = ExpressionWrapper(OuterRef(f"{prefix}occurred_at"), output_field=_INTEGER)
        start = ExpressionWrapper(moment - Value(after.within), output_field=_INTEGER)
        is_tied_before = (
            Q(source__lt=own["source"])
            | Q(source=own["source"], message_hash__lt=own["message_hash"])
            | Q(
                source=own["source"],
                message_hash=own["message_hash"],
                position__lt=own["position"],
            )
        )
        return self._own(Stream(after.event, after.where), person).filter(
            Q(occurred_at__lt=moment) | (Q(occurred_at=moment) & is_tied_before),
            occurred_at__gt=start,
        )

    def _test(self, test: Test, prefix: str) -> Q:
        column = column_of(test.field, test.values)
        if column is None:
            return self._label_test(test, prefix)
        name, op = f"{prefix}{column.db_column}", test.op
        values = literals_of(test, column, self._minor_exponent)
        if op in ("ge", "le", "between"):
            low = values[0] if op in ("ge", "between") else None
            high = values[-1] if op in ("le", "between") else None
            return _between(name, low, high)
        whole = [value for value in values if isinstance(value, int | str)]
        if op in ("eq", "in"):
            present = [value for value in whole if value != ""]
            return _any(Q(**{name: value}) for value in present)
        missing = [""] if column.is_text else []
        different = [Q(NotEqual(F(name), Value(value))) for value in (*whole, *missing)]
        return reduce(and_, different, Q(**{f"{name}__isnull": False}))

    def _label_test(self, test: Test, prefix: str) -> Q:
        labels = F(f"{prefix}labels")
        needles = [Value(label_needle(test.field, str(value))) for value in test.values]
        if test.op in ("eq", "in"):
            return _any(Q(GreaterThan(StrIndex(labels, needle), 0)) for needle in needles)
        present = Q(GreaterThan(StrIndex(labels, Value(f"|{test.field.casefold()}=")), 0))
        return reduce(and_, [Q(Exact(StrIndex(labels, needle), 0)) for needle in needles], present)


def _between(name: str, low: Any, high: Any) -> Q:
    """Compared as 64-bit integers: a bound beyond a small column's range would make Django take the
    comparison for always true, also where the value is missing."""
    column = ExpressionWrapper(F(name), output_field=_INTEGER)
    condition = Q()
    if low is not None:
        condition &= Q(GreaterThanOrEqual(column, ceil(low)))
    if high is not None:
        condition &= Q(LessThanOrEqual(column, floor(high)))
    return condition


def _any(parts: Iterator[Q]) -> Q:
    """Any of the parts; of none, nothing."""
    conditions = list(parts)
    if not conditions:
        return Q(pk__in=[])
    result = conditions[0]
    for each in conditions[1:]:
        result |= each
    return result


def _integer(expression: Any) -> Any:
    expression.output_field = _INTEGER
    return expression


def _single(events: QuerySet[Event], aggregate: Any) -> Any:
    """One aggregate over a correlated set of events, as a subquery."""
    grouped = events.order_by().values("profile_id").annotate(figure=_integer(aggregate))
    return Subquery(grouped.values("figure"), output_field=_INTEGER)


def _shapes(traits: Sequence[Trait], widths: list[int], at: int) -> list[Callable[[Any], Any]]:
    """How each trait's columns of a row, from ``at`` on, become its figure."""
    shapes: list[Callable[[Any], Any]] = []
    for trait, width in zip(traits, widths, strict=True):
        shapes.append(_shape(trait, at))
        at += width
    return shapes


def _shape(trait: Trait, at: int) -> Callable[[Any], Any]:
    if trait.aggregate in ("first", "last", "top"):
        return lambda row: row[at]
    if trait.aggregate == "mean_gap":
        return lambda row: (int(row[at + 1]) - int(row[at]), row[at + 2] - 1) if row[at + 2] > 1 else None
    if trait.aggregate in SHARES or trait.aggregate == "avg":
        return lambda row: (int(row[at]), row[at + 1]) if row[at + 1] else None
    if trait.aggregate == "count":
        return itemgetter(at)
    return lambda row: None if row[at] is None else int(row[at])
