"""Every way to make a world one step smaller, the big steps first.

Nothing here knows what went wrong: `compare` tries each and keeps what still goes wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from zoneinfo import ZoneInfo

from django_microseg.collect.record import EventRecord
from django_microseg.profile.traits.definition import Stream, Test, Trait, Window
from django_microseg.segment.rule import Group, Rule, SegmentCondition, TraitCondition, TraitOperand, conditions_of

from .histories import History, Step
from .worlds import STATE_CAP, World

__all__ = ["smaller"]

_IDENTITY = frozenset({"occurred_at", "source", "message_hash", "position", "name"})
_BLANKS = {column.name: column.default for column in fields(EventRecord) if column.name not in _IDENTITY}


def smaller(world: World) -> Iterator[World]:
    if len(world.histories) > 1:
        yield from (replace(world, histories=(history,)) for history in world.histories)
    if len(world.rules) > 1:
        yield from (_only(world, slug) for slug in world.rules)
    if len(world.nows) > 1:
        yield from (replace(world, nows=(now,)) for now in world.nows)
    if len(world.contexts) > 1:
        yield replace(world, contexts=(None,))
    yield from (_with_history(world, place, life) for place, life in _smaller_histories(world))
    for slug, rule in world.rules.items():
        for simpler in _simpler_rules(rule):
            yield replace(world, rules={**world.rules, slug: simpler})
    for slug in _unused(world):
        yield replace(world, rules={other: rule for other, rule in world.rules.items() if other != slug})
    yield from _plainer(world)


def _only(world: World, slug: str) -> World:
    """The world with that rule and those it refers to, however far."""
    needed, open_ends = {slug}, [slug]
    while open_ends:
        found = _references(world.rules[open_ends.pop()]) & set(world.rules) - needed
        needed |= found
        open_ends += found
    return replace(world, rules={name: rule for name, rule in world.rules.items() if name in needed})


def _references(rule: Rule) -> set[str]:
    return {part.slug for part in conditions_of(rule) if isinstance(part, SegmentCondition)}


def _unused(world: World) -> set[str]:
    used = {slug for rule in world.rules.values() for slug in _references(rule)}
    return set(world.rules) - used if len(world.rules) > 1 else set()


def _plainer(world: World) -> Iterator[World]:
    if world.state_cap != STATE_CAP:
        yield replace(world, state_cap=STATE_CAP)
    if world.minor_exponent != 2:
        yield replace(world, minor_exponent=2)
    if str(world.time_zone) != "UTC":
        yield replace(world, time_zone=ZoneInfo("UTC"))
    for name in world.population:
        yield replace(world, population={other: f for other, f in world.population.items() if other != name})


# -- histories


def _with_history(world: World, place: int, life: History) -> World:
    return replace(world, histories=(*world.histories[:place], life, *world.histories[place + 1 :]))


def _smaller_histories(world: World) -> Iterator[tuple[int, History]]:
    for place, life in enumerate(world.histories):
        size = len(life.steps)
        while size:
            for start in range(0, len(life.steps), size):
                yield place, replace(life, steps=life.steps[:start] + life.steps[start + size :])
            size //= 2
        for index in range(len(life.facts)):
            yield place, replace(life, facts=life.facts[:index] + life.facts[index + 1 :])
        for index, step in enumerate(life.steps):
            for plain in _plainer_steps(step):
                yield place, replace(life, steps=(*life.steps[:index], plain, *life.steps[index + 1 :]))


def _plainer_steps(step: Step) -> Iterator[Step]:
    record = step.record
    if record is None:
        return
    told = {name: blank for name, blank in _BLANKS.items() if getattr(record, name) != blank}
    if len(told) > 1:
        yield replace(step, record=replace(record, **told))
    for name, blank in told.items():
        yield replace(step, record=replace(record, **{name: blank}))


# -- rules


def _simpler_rules(rule: Rule) -> Iterator[Rule]:
    if isinstance(rule, Group):
        yield from rule.rules
        for index, inner in enumerate(rule.rules):
            rest = rule.rules[:index], rule.rules[index + 1 :]
            yield replace(rule, rules=(*rest[0], *rest[1]))
            yield from (replace(rule, rules=(*rest[0], simpler, *rest[1])) for simpler in _simpler_rules(inner))
        if rule.is_negated:
            yield replace(rule, is_negated=False)
    elif isinstance(rule, TraitCondition):
        yield from (replace(rule, trait=trait) for trait in _simpler_traits(rule.trait))
        if isinstance(rule.value, TraitOperand):
            for trait in _simpler_traits(rule.value.trait):
                yield replace(rule, value=replace(rule.value, trait=trait))
            if rule.value.factor != 1:
                yield replace(rule, value=replace(rule.value, factor=1))


def _simpler_traits(trait: Trait) -> Iterator[Trait]:
    is_following = "follows" in trait.aggregate
    yield from (replace(trait, window=window) for window in _simpler_windows(trait.window))
    for stream in _simpler_streams(trait.stream):
        if stream.after or not is_following:
            yield replace(trait, stream=stream)
    if len(trait.part) > 1:
        yield from (replace(trait, part=part) for part in _fewer_tests(trait.part))


def _simpler_windows(window: Window) -> Iterator[Window]:
    if window != Window():
        yield Window()
    if window.since is not None:
        yield replace(window, since=None)
        yield from (replace(window, since=since) for since in _simpler_streams(window.since))
    if window.oldest is not None:
        yield replace(window, oldest=None)
    if window.newest:
        yield replace(window, newest=0)


def _simpler_streams(stream: Stream) -> Iterator[Stream]:
    yield from (replace(stream, where=where) for where in _fewer_tests(stream.where))
    if stream.after is not None:
        yield replace(stream, after=None)
        for where in _fewer_tests(stream.after.where):
            yield replace(stream, after=replace(stream.after, where=where))


def _fewer_tests(tests: tuple[Test, ...]) -> Iterator[tuple[Test, ...]]:
    for index, test in enumerate(tests):
        yield tests[:index] + tests[index + 1 :]
        if test.op in ("in", "not_in") and len(test.values) > 1:
            for value in test.values:
                yield (*tests[:index], replace(test, values=(value,)), *tests[index + 1 :])
