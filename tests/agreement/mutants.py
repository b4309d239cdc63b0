"""Planted mistakes: an agreement test that no mutant can fail proves nothing.

`planted` swaps the code of one production function for that of its mutated source, in place, so
that whoever imported the function by name runs the mutant too; on leaving, all is as before. The
mutants of fold, scan and ruleset stand in ``PRODUCTION``; a function that has changed since is an
error, not a mutant that survives.
"""

# ruff: noqa: E501 - a table with one mistake to a line
from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

__all__ = ["PRODUCTION", "Mutant", "planted"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: in ``target`` ("package.module:Class.function") ``old`` becomes ``new``.

    ``old`` must occur exactly once in the function's source. ``caches`` names functions under a
    `functools.cache` ("package.module:function") whose results may come from the target. ``evaluator``
    is the one that must notice, in worlds drawn with ``wanted``, ``lives``, ``without`` and ``state_cap`` (see
    `worlds.draw_world`).
    """

    name: str
    target: str
    old: str
    new: str
    caches: tuple[str, ...] = ()
    evaluator: str = ""
    wanted: tuple[str, ...] = ()
    lives: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    state_cap: int = 2000


def _traits(evaluator: str, name: str, target: str, old: str, new: str, **where: Any) -> Mutant:
    return Mutant(name, f"django_microseg.profile.traits.{target}", old, new, (), evaluator, **where)


def _scan(name: str, target: str, old: str, new: str, **where: Any) -> Mutant:
    return Mutant(name, f"django_microseg.profile.scan:{target}", old, new, (), "scan", **where)


def _segment(evaluator: str, name: str, target: str, old: str, new: str, **where: Any) -> Mutant:
    return Mutant(name, f"django_microseg.segment.{target}", old, new, (), evaluator, **where)


# Where a mistake can be seen at all. The general worlds catch each of these too, some only in their hundreds.
_REFUNDS = {"wanted": ("order value",), "lives": ("history refund",)}
_VOIDS = {"lives": ("history void",)}
_LATE = {
    "wanted": ("aggregate first", "aggregate last", "after", "after negated"),
    "lives": ("history late", "history tie"),
}
_LOOKED_UP = {
    "wanted": ("order value", "window since", "aggregate first", "aggregate last", "aggregate top"),
    "lives": ("history void",),
}
_TIED = {"wanted": ("aggregate first", "aggregate last", "after", "after negated"), "lives": ("history tie",)}
_TOPS = {"wanted": ("aggregate top",)}
_AFTER = {"wanted": ("after", "after negated")}
_LABELS = {"wanted": ("test ne label", "test not_in label")}
_ABSENT = {"wanted": ("test ne text", "test not_in text", "test ne key", "test not_in key")}
_POPULATION = {"wanted": ("operand population",)}
_FACTS = {
    "wanted": ("fact age", "fact text", "fact number", "fact known", "fact unknown"),
    "lives": ("history fact midway",),
}
_MOMENTS = {"wanted": ("context moment", "context remembered")}
_MERGES = {"lives": ("history merge",)}
_UNMERGES = {"lives": ("history un-merge",)}
_NOT = {"wanted": ("rule not",)}
_LATE_IN_A_LOG = {
    "wanted": ("first or last in a window",),
    "lives": ("history late tie",),
    "without": ("after", "after negated"),
}
_OVER_CAP = {"state_cap": 6}
_UNKNOWN = {"wanted": ("segment unknown",)}
_COUNTS = {"wanted": ("count in a window",)}
_WEEKS = {"wanted": ("aggregate active_weeks",)}
_VOIDS_FIRST = {"lives": ("history void first",)}
_OPERANDS = {"wanted": ("operand trait", "operand population")}
_TEXTS = {"wanted": ("text !=", "text not_in")}
_AGES = {"wanted": ("fact age",)}
_TIMES = {"wanted": ("aggregate days_since", "aggregate hours_since", "aggregate minutes_since")}

#: Mistakes in the code of today, one to a line. Each must be caught by the evaluator that it names.
PRODUCTION: tuple[Mutant, ...] = (
    # -- filters, values and the fold
    _traits("fold", "a missing property passes ne", "match:_one", "frozenset((*values, missing))", "frozenset(values)", **_ABSENT),
    _traits("fold", "the upper bound is left out", "match:_within", "value <= high", "value < high"),
    _traits("fold", "an event without the label passes ne", "match:_label_test", "present in record.labels and not", "not", **_LABELS),
    _traits("fold", "ties of top go to the greatest", "values:tally_top", "min(tally, key=lambda text: (-tally[text], text))", "max(tally, key=lambda text: (tally[text], text))", **_TOPS),
    _traits("fold", "a log's window includes its end", "values:log_count", "- bisect_right(log[0], low)", "- bisect_right(log[0], low - 1)"),
    _traits("fold", "a window of values includes its end", "values:_values", "bisect_right(log[0], low)", "bisect_right(log[0], low - 1)"),
    _traits("fold", "a refund of an order counts once", "fold:_refund_adder", "refunds.get(event.order_key, 0) + event.value", "event.value", **_REFUNDS),
    _traits("fold", "an order's value forgets its refunds", "values:_values", "v - refunds.get(key, 0)", "v", **_REFUNDS),
    _traits("fold", "k - 1 timestamps are kept", "fold:_recent_adder", "len(times) > depth", "len(times) >= depth"),
    _traits("fold", "trimmed one millisecond too early", "fold:Folder.trim", "now - store.span if", "now - store.span + 1 if"),
    _traits("fold", "a void counts at its own instant", "fold:Folder.build", "event.voided_at > now", "event.voided_at >= now", **_VOIDS),
    _traits("sweep", "a void ahead is not foreseen", "fold:Folder.build", "ends.append(event.voided_at)", "pass", **_VOIDS),
    _traits("fold", "after: the far end is closed", "fold:_follows", "times[-1] > moment", "times[-1] >= moment", **_AFTER),
    _traits("fold", "of tied events the first is last", "fold:_edge_adder", "if is_tied_last:", "if False:", **_TIED),
    _traits("live", "a late event is folded into an order-sensitive stream", "fold:Folder.apply", "if self._is_order_sensitive(event):", "if False:", **_LATE),
    _traits("live", "a late event that is tied is folded in", "fold:_log_adder", "return not is_tied", "return True", **_LATE_IN_A_LOG),
    _traits("live", "a late event is taken for the newest", "fold:Folder.apply", "is_late = key <= state.last_key", "is_late = False", **_LATE_IN_A_LOG),
    # -- the scan
    _scan("scan forgets that events are voided", "Scan._counting", "Q(events__voided_at__isnull=True) | Q(events__voided_at__gt=self._now)", "Q()", **_VOIDS),
    _scan("scan: a void counts at its own instant", "Scan._own", "voided_at__gt=self._now", "voided_at__gte=self._now", **_LOOKED_UP),
    _scan("scan: the window's end is included", "Scan._window", '__gt": self._now - window.oldest', '__gte": self._now - window.oldest'),
    _scan("scan: ties of top go to the greatest", "Scan._top", 'order_by("-n", column)', 'order_by("-n", f"-{column}")', **_TOPS),
    _scan("scan: ties of time go by source alone", "Scan._edge", '"source", "message_hash", "position"', '"source", "pk"', **_TIED),
    _scan("scan: a missing text passes ne", "Scan._test", '[""] if column.is_text else []', "[]", **_ABSENT),
    _scan("scan: refunds outside the window do not count", "Scan._amounts", "self._refunded()", '_single(self._own(Stream(REFUND)).filter(self._window(trait, "", "profile_id"), order_key=OuterRef("e__order_key")).exclude(order_key=""), Sum("value_base_minor"))', **_REFUNDS),
    _scan("scan: orders without a key share refunds", "Scan._refunded", 'refunds = refunds.exclude(order_key="")', "pass", **_REFUNDS),
    _scan("scan: after includes what is tied and comes later", "Scan._earlier", "occurred_at=moment) & is_tied_before", "occurred_at=moment)", **_TIED),
    _scan("scan: weeks begin on the first of January 1970", "Scan._distinct", "Mod(day + 3, 7)", "Mod(day, 7)", **_WEEKS),
    # -- the ruleset, compiled
    _segment("fold", "the window's end is included", "emit:Emitter._at_least", "[-{depth}] > {", "[-{depth}] >= {", **_COUNTS),
    _segment("fold", "unknown is false under not", "ruleset:Ruleset._rule", 'return f"({emitter.emit(rule, wanted=wanted)})"', "return f\"({'' if wanted else 'not '}({emitter.emit(rule, wanted=True)}))\"", **_NOT),
    _segment("fold", "a known text is not asked for", "emit:Emitter._text", "{value} is not None and {value} {inside}", "{value} {inside}", **_TEXTS),
    _segment("fold", "population denominators are dropped", "emit:Emitter._operand", '_Figure(f"{name}[0]", f"{name}[1]", known', '_Figure(f"{name}[0]", "1", known', **_POPULATION),
    _segment("fold", "an operand is not multiplied", "emit:_scaled", "figure.numerator} * {up}", "figure.numerator}", **_OPERANDS),
    _segment("fold", "an unknown segment's rule is asked all the same", "ruleset:Ruleset._is_sound", "definition.references.get(c.slug) not in self.position", "False", **_UNKNOWN),
    _segment("fold", "a fact holds at its end", "runtime:fact_row", "now < row[3]", "now <= row[3]", **_FACTS),
    _segment("fold", "the moment's words are not folded", "ruleset:_folded", "value.casefold() if isinstance(value, str) else value", "value", **_MOMENTS),
    _segment("fold", "next_flip is one millisecond late", "runtime:near_recent", "out.append(times[-depth] + oldest)", "out.append(times[-depth] + oldest + 1)", **_COUNTS),
    _segment("fold", "birthdays are one millisecond late", "runtime:make_namespace", "out.append(moment)", "out.append(moment + 1)", **_AGES),
    _segment("fold", "a crossing is seen one millisecond late", "runtime:near_cross", "(zero, zero + 1)", "(zero + 1,)", **_TIMES),
    _segment("fold", "what lies ahead is not foreseen", "ruleset:Ruleset.next_flip", "(flip, state.valid_until)", "(flip,)"),
    # -- what is done with them
    _segment("live", "an event that arrives void counts", "evaluate:_applied", "if not is_void and (_is_passing(event, now) or not book.folder.apply(state, event)):", "if not book.folder.apply(state, event):", **_VOIDS_FIRST),
    _segment("live", "a void does not read the past again", "evaluate:evaluate_events", "if pk not in refold and", "if", **_VOIDS),
    _segment("live", "every arrival reads the past", "evaluate:_applied", "elif has_usable_state(profile, book, now):", "elif False:"),
    _segment("live", "who is over the cap never gets an answer", "evaluate:_postponed", "dirty_since=now", "dirty_since=None", **_OVER_CAP),
    _segment("live", "the cap does not count", "evaluate:_answer", "if not keeps_state and", "if False and", **_OVER_CAP),
    _segment("live", "a fact does not change the state", "listen:on_facts_changed", "refold=True", "refold=False", **_FACTS),
    _segment("live", "the visitor's past stays behind", "listen:on_merge", "refold=True", "refold=False", **_MERGES),
    _segment("live", "after an un-merge only one looks again", "listen:on_merge_undone", "{target.pk, source.pk}", "{target.pk}", **_UNMERGES),
    _segment("sweep", "who is due now is due later", "refresh:refresh_due", "next_flip__lte=now", "next_flip__lt=now"),
    _segment("sweep", "an old state answers for ever", "evaluate:has_usable_state", "return state.valid_until is None or now < state.valid_until", "return True", **_VOIDS),
    _segment("sweep", "the sweep looks at everybody", "refresh:refresh_due", "Q(next_flip__lte=now)", "Q(next_flip__isnull=False)"),
    _segment("view", "a late page shows what is stored", "reader:View._read_stored", "self.row.next_flip <= self.now", "False"),
    _segment("view", "a page is late by a millisecond", "reader:View._read_stored", "self.row.next_flip <= self.now", "self.row.next_flip < self.now"),
    _segment("view", "a page's moment is not asked", "reader:View._in_context", "self.book.population, context", "self.book.population", **_MOMENTS),
)  # fmt: skip


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """The mutant lives inside the block."""
    function = _function(_named(mutant.target))
    sound = function.__code__
    function.__code__ = _mutated(mutant, function)
    _clear(mutant.caches)
    try:
        yield
    finally:
        function.__code__ = sound
        _clear(mutant.caches)


def _named(target: str) -> Any:
    module_name, _, path = target.partition(":")
    found: Any = importlib.import_module(module_name)
    for name in path.split("."):
        found = inspect.getattr_static(found, name)
    return found


def _function(found: Any) -> FunctionType:
    """The plain function under properties, class methods and caches."""
    if isinstance(found, property):
        found = found.fget
    elif isinstance(found, functools.cached_property):
        found = found.func
    elif isinstance(found, staticmethod | classmethod):
        found = found.__func__
    plain = inspect.unwrap(found)
    assert isinstance(plain, FunctionType), f"{found!r} is no function"
    return plain


def _mutated(mutant: Mutant, function: FunctionType) -> CodeType:
    lines, first = inspect.getsourcelines(function)
    source = "".join(lines)
    if source.count(mutant.old) != 1:
        raise LookupError(
            f"{mutant.name}: {mutant.old!r} occurs {source.count(mutant.old)} times in {mutant.target}, "
            "not once. The function has changed: find the place again."
        )
    module = inspect.getmodule(function)
    assert module is not None
    whole = inspect.getsource(module).splitlines(keepends=True)
    whole[first - 1 : first - 1 + len(lines)] = [source.replace(mutant.old, mutant.new)]
    compiled = compile("".join(whole), inspect.getfile(function), "exec", dont_inherit=True)
    return next(
        code
        for code in _codes(compiled)
        if code.co_qualname == function.__qualname__ and code.co_firstlineno == function.__code__.co_firstlineno
    )


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


def _clear(caches: tuple[str, ...]) -> None:
    for name in caches:
        _named(name).cache_clear()
