"""The compiled ruleset against closures, over the same states of a thousand people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from benchmarks.closures import closures_of
from benchmarks.population import NOW, records
from benchmarks.result import Result, ratio
from benchmarks.rules import hundred_rules
from django_microseg.profile.traits.fold import Folder
from django_microseg.segment.ruleset import Definition, Ruleset

__all__ = ["run"]


def run() -> Iterator[Result]:
    rules = hundred_rules().items()
    ruleset = Ruleset(
        [Definition(at, slug, rule, {}) for at, (slug, rule) in enumerate(rules, start=1)],
        version=1,
        minor_exponent=2,
        zone=ZoneInfo("UTC"),
    )
    folder = Folder(ruleset.plan, 2)
    people = [
        sorted((record for _, record in rows), key=lambda record: record.occurred_at)
        for _, rows in groupby(records(1000, 20_000), key=itemgetter(0))
    ]
    states = [folder.build(events, NOW) for events in people]
    population = {"average_order_value": (5000, 1)}
    closures = closures_of(ruleset)
    for state in states:
        assert closures(state.records, NOW, population) == ruleset.members(state, NOW, population)

    def by_closures() -> None:
        for state in states:
            closures(state.records, NOW, population)

    def compiled() -> None:
        for state in states:
            ruleset.members(state, NOW, population)

    times, slow, fast = ratio(by_closures, compiled, rounds=15)
    each = f"{1e6 * slow / len(states):.0f} and {1e6 * fast / len(states):.0f} µs a profile here"
    yield Result(
        "rules.compiled_vs_closures_100", times, "times", "higher", 15, f"100 rules, 1,000 states, no database; {each}"
    )
