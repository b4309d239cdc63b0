"""One person's case: their events and facts, and what any rule says of them at any instant.

Rebuilds the state from the events each time it is asked, so it depends on nothing that refresh
has stored. Pure but for the rulebook's compiled parts that it is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ...collect.record import EventRecord, order_key_of
from ...profile.traits.definition import Trait
from ...profile.traits.fold import Folder
from ...profile.traits.state import FactRow, State
from ..rule import Condition, Group, Rule
from ..ruleset import Definition, Population, Ruleset, compile_figure

__all__ = ["Case", "Judge", "leaves"]

#: How many times in a row time may change something before a search gives up.
_TRIES = 64
#: How many of the last things that happened are looked at for "met since".
_STEPS_BACK = 50


@dataclass(frozen=True)
class Case:
    """Everything that an answer depends on. ``others`` are the definitions that rules refer to."""

    events: tuple[EventRecord, ...]
    facts: Mapping[str, list[FactRow]]
    population: Population
    others: tuple[Definition, ...]
    minor_exponent: int
    zone: Any
    context: Mapping[str, Any] | None = None

    def judge(self, rule: Rule, references: Mapping[str, int]) -> Judge:
        """Somebody who answers for one rule."""
        return Judge(self, rule, references)

    def figure(self, trait: Trait, now: int) -> Any:
        """The trait's figure as a ruleset reads it: int, ratio, text, time of an event, or None."""
        plan, read = compile_figure(trait, self.minor_exponent, self.zone)
        state = Folder(plan, self.minor_exponent).build(self.events, now)
        return read(state.records, now)

    def with_events(self, events: Sequence[EventRecord]) -> Case:
        """The case if these had happened too."""
        return replace(self, events=tuple(sorted((*self.events, *events), key=order_key_of)))

    def with_fact(self, name: str, row: FactRow) -> Case:
        """The case if that were known too."""
        return replace(self, facts={**self.facts, name: [*self.facts.get(name, []), row]})

    def with_context(self, name: str, value: Any) -> Case:
        """The case if that were so at the moment."""
        return replace(self, context={**(self.context or {}), name: value})


class Judge:
    """Answers for one rule in one case: true, false or unknown, and when that changes."""

    def __init__(self, case: Case, rule: Rule, references: Mapping[str, int]) -> None:
        top = max((each.id for each in case.others), default=0)
        asked = (
            Definition(top + 1, "", rule, references),
            Definition(top + 2, "", Group("all", (rule,), is_negated=True), references),
        )
        self._case = case
        self._ruleset = Ruleset(
            (*case.others, *asked),
            version=0, minor_exponent=case.minor_exponent, zone=case.zone,
        )  # fmt: skip
        self._ruleset = self._ruleset.only(frozenset(each.id for each in asked))
        self._places = tuple(self._ruleset.position[each.id] for each in asked)

    @cached_property
    def _folder(self) -> Folder:
        return Folder(self._ruleset.plan, self._case.minor_exponent)

    def state(self, now: int) -> State:
        return self._folder.build(self._case.events, now, dict(self._case.facts))

    def verdict(self, now: int, state: State | None = None) -> bool | None:
        """Whether the rule is true at an instant; None is unknown."""
        state = state or self.state(now)
        bits = self._ruleset.members(state, now, self._case.population, self._case.context)
        is_true, is_false = (bits >> place & 1 for place in self._places)
        return True if is_true else False if is_false else None

    def changes_at(self, now: int) -> int | None:
        """When time alone next changes whether the rule is true."""
        is_true, moment = self.verdict(now) is True, now
        for _ in range(_TRIES):
            state = self.state(moment)
            bits = self._ruleset.members(state, moment, self._case.population)
            flip = self._ruleset.next_flip(state, moment, self._case.population, bits)
            if flip is None:
                return None
            moment = flip
            if (self.verdict(moment) is True) is not is_true:
                return moment
        return None

    def true_since(self, now: int) -> int | None:
        """Since when the rule has been true without a break, if it is true now."""
        if self.verdict(now) is not True:
            return None
        since = now
        for moment in self._moments_before(now):
            flip = self.changes_at(moment)
            if self.verdict(moment) is not True or (flip is not None and flip < since):
                return self._last_rise(flip, since)
            since = moment
        return since

    def _last_rise(self, flip: int | None, until: int) -> int:
        """The last instant up to ``until`` at which the rule became true, from the first ``flip`` on."""
        rise, moment = until, flip
        while moment is not None and moment <= until:
            if self.verdict(moment) is True:
                rise = moment
            moment = self.changes_at(moment)
        return rise

    def _moments_before(self, now: int) -> list[int]:
        """Instants at which something happened, latest first."""
        moments = {event.occurred_at for event in self._case.events}
        moments |= {e.voided_at for e in self._case.events if e.voided_at is not None}
        moments |= {end for rows in self._case.facts.values() for row in rows
                    for end in row[2:4] if end is not None}  # fmt: skip
        before = sorted((moment for moment in moments if moment <= now), reverse=True)
        return before[:_STEPS_BACK]


def leaves(rule: Rule, depth: int = 0) -> list[tuple[int, Condition]]:
    """The conditions of a rule with the depth at which they stand."""
    if isinstance(rule, Group):
        return [leaf for inner in rule.rules for leaf in leaves(inner, depth + 1)]
    return [(max(0, depth - 1), rule)]
