"""All active rules compiled once into Python functions.

`Ruleset.members` answers from a profile's state, `Ruleset.members_of_values` from a row of the
scan, both with the same conditions in the same words. `Ruleset.next_flip` tells when time alone
changes a membership. The functions are built as a syntax tree of whitelisted nodes; whatever a
person typed enters as a constant, never as source.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..profile.traits.definition import TIME_SINCE, Trait
from ..profile.traits.plan import Plan, make_plan, stores_for
from ..profile.traits.state import ComparedRow, State
from .emit import Emitter, condition_stores, condition_traits
from .rule import (
    Condition,
    ContextCondition,
    CustomCondition,
    FactCondition,
    Group,
    PopulationOperand,
    Rule,
    SegmentCondition,
    TraitCondition,
    conditions_of,
)
from .runtime import MAX_TRIES, make_namespace

__all__ = ["Definition", "Population", "Ruleset", "compile_figure"]

#: How many small rulesets are remembered before all are made anew.
MOST_SMALL = 500

Population = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Definition:
    """A rule in force: one version of a segment. ``references`` maps slugs to definition ids."""

    id: int
    slug: str
    rule: Rule
    references: Mapping[str, int]


class Ruleset:
    """The compiled rules of one version."""

    def __init__(self, definitions: Iterable[Definition], *, version: int, minor_exponent: int, zone: Any) -> None:
        self.version = version
        self.minor_exponent = minor_exponent
        self.zone = zone
        self._small: dict[frozenset[int], Ruleset] = {}
        ordered, circular = _in_order(definitions)
        self.definitions = tuple(ordered)
        self.position = {each.id: at for at, each in enumerate(self.definitions)}
        self._broken = circular | {each.id for each in ordered if not self._is_sound(each)}
        self.conditions = tuple(dict.fromkeys(c for each in self._sound for c in conditions_of(each.rule)))
        self.traits = _trait_index(self.conditions)

    # -- what it needs

    @cached_property
    def plan(self) -> Plan:
        """The state layout that answers every rule."""
        stores = [store for c in self.conditions for store in condition_stores(c)]
        stores += [store for trait, _ in self.compared_traits for store in stores_for(trait)]
        names = {c.name for c in self.conditions if isinstance(c, FactCondition)}
        return make_plan(stores, {"birthday" if name == "age" else name for name in names})

    @cached_property
    def compared_traits(self) -> tuple[tuple[Trait, str], ...]:
        """Which traits are compared with which population facts."""
        return tuple(
            dict.fromkeys(
                (c.trait, c.value.name)
                for c in self.conditions
                if isinstance(c, TraitCondition) and isinstance(c.value, PopulationOperand)
            )
        )

    @cached_property
    def momentary(self) -> frozenset[int]:
        """Ids of definitions that ask for context, themselves or through another segment."""
        found: set[int] = set()
        for each in self.definitions:
            conditions = tuple(conditions_of(each.rule))
            inner = {each.references.get(c.slug) for c in conditions if isinstance(c, SegmentCondition)}
            if inner & found or any(isinstance(c, ContextCondition) for c in conditions):
                found.add(each.id)
        return frozenset(found)

    @cached_property
    def context_names(self) -> frozenset[str]:
        """What any rule asks of the moment."""
        return frozenset(c.name for c in self.conditions if isinstance(c, ContextCondition))

    # -- answers

    def members(self, state: State, now: int, population: Population, context: Mapping[str, Any] | None = None) -> int:
        """Bit i is set if the profile is in ``definitions[i]``; without context, its stored part."""
        now = max(now, state.as_of)
        here = None if context is None else _folded(context)
        bits: int = self._from_state(state.records, state.facts, now, population, here)
        return bits

    def members_of_values(self, values: Any, facts: Any, now: int, population: Population) -> int:
        """The same from a row of trait values in the order of `traits`."""
        bits: int = self._from_values(values, facts, now, population, None)
        return bits

    def next_flip(self, state: State, now: int, population: Population, bits: int) -> int | None:
        """The next instant at which membership changes without any event (early, never late)."""
        flip = self._flip(state, max(now, state.as_of), population, bits)
        ends = [moment for moment in (flip, state.valid_until) if moment is not None]
        return min(ends, default=None)

    def _flip(self, state: State, now: int, population: Population, bits: int) -> int | None:
        moments = self._moments(state, now, population)
        for _ in range(MAX_TRIES):
            if not moments:
                return None
            now = moments.pop(0)
            if self._from_state(state.records, state.facts, now, population, None) != bits:
                return now
            if self._is_chained:
                moments = self._moments(state, now, population)
        return now if moments else None

    def _moments(self, state: State, now: int, population: Population) -> list[int]:
        near: list[int] = []
        self._near(state.records, state.facts, now, population, near)
        return sorted(set(near))

    @cached_property
    def _is_chained(self) -> bool:
        """Whether one change by time can bring about another that was not foreseeable before it.

        So it is where a time since is compared and a window decides which event is the last, or
        what it is compared with.
        """
        return any(
            any(trait.aggregate in TIME_SINCE for trait in traits)
            and any(trait.window.newest or trait.window.oldest is not None for trait in traits)
            for traits in map(condition_traits, self.conditions)
        )

    def compared(self, state: State, now: int) -> list[ComparedRow]:
        """What must be known to find whom a moved population fact concerns."""
        now = max(now, state.as_of)
        return [
            (fact, digest, ratio[0] / ratio[1], min(near, default=None))
            for fact, digest, value in self._compared_values
            for ratio, near in [value(state.records, now)]
            if ratio is not None
        ]

    def ids_of(self, bits: int) -> list[int]:
        """The definition ids whose bits are set."""
        return [each.id for at, each in enumerate(self.definitions) if bits >> at & 1]

    def only(self, ids: frozenset[int]) -> Ruleset:
        """A small ruleset of some definitions and what they refer to, over the same state.

        Remembered: pages ask for the same few again and again.
        """
        if ids not in self._small:
            if len(self._small) >= MOST_SMALL:
                self._small.clear()
            self._small[ids] = self._make_small(ids)
        return self._small[ids]

    def needed(self, ids: Iterable[int]) -> list[Definition]:
        """These definitions, with all that they refer to."""
        wanted = set(ids)
        for each in reversed(self.definitions):
            if each.id in wanted:
                wanted.update(each.references.values())
        return [each for each in self.definitions if each.id in wanted]

    def _make_small(self, ids: frozenset[int]) -> Ruleset:
        small = Ruleset(
            self.needed(ids),
            version=self.version,
            minor_exponent=self.minor_exponent,
            zone=self.zone,
        )
        small.__dict__["plan"] = self.plan
        return small

    # -- compilation

    @cached_property
    def _from_state(self) -> Any:
        return self._compile(self.plan, "S")

    @cached_property
    def _from_values(self) -> Any:
        return self._compile(None, "V")

    def _compile(self, plan: Plan | None, argument: str) -> Any:
        emitter = Emitter(self.traits, plan, self.minor_exponent)
        referred = {target for each in self.definitions for target in each.references.values()}
        body = ["bits = 0"]
        for at, each in enumerate(self.definitions):
            source = self._rule(each, each.rule, emitter, wanted=True)
            if each.id in referred:
                body.append(f"s{at} = {source}")
                source = f"s{at}"
            if source != "False":
                body.append(f"if {source}: bits = bits | {1 << at}")
        body.append("return bits")
        return self._function(f"({argument}, F, now, P, X)", emitter, body)

    @cached_property
    def _near(self) -> Any:
        emitter = Emitter(self.traits, self.plan, self.minor_exponent)
        body = [line for c in self.conditions if _is_leaf(c) for line in emitter.breaks(c)]
        return self._function("(S, F, now, P, out)", emitter, list(dict.fromkeys(body)) or ["pass"])

    @cached_property
    def _compared_values(self) -> tuple[tuple[str, str, Any], ...]:
        return tuple((fact, digest_of(trait), self._compared_value(trait)) for trait, fact in self.compared_traits)

    def _compared_value(self, trait: Trait) -> Any:
        emitter = Emitter(self.traits, self.plan, self.minor_exponent)
        figure = emitter.figure(trait)
        lines = emitter.window_breaks(trait)
        known = figure.known or "True"
        ratio = f"({figure.numerator}, {figure.denominator}) if {known} else None"
        body = ["out = []", *lines, f"return ({ratio}, out)"]
        return self._function("(S, now)", emitter, body)

    def _rule(self, owner: Definition, rule: Rule, emitter: Emitter, *, wanted: bool) -> str:
        if owner.id in self._broken:
            return "False"
        if isinstance(rule, Group):
            wanted = wanted is not rule.is_negated
            joiner = " and " if (rule.combinator == "all") is wanted else " or "
            parts = [self._rule(owner, inner, emitter, wanted=wanted) for inner in rule.rules]
            return f"({joiner.join(parts)})" if parts else str((rule.combinator == "all") is wanted)
        if isinstance(rule, SegmentCondition):
            name = f"s{self.position[owner.references[rule.slug]]}"
            return name if wanted else f"(not {name})"
        return f"({emitter.emit(rule, wanted=wanted)})"

    def _function(self, signature: str, emitter: Emitter, body: list[str]) -> Any:
        return build_function(signature, emitter, body, self.zone)

    # -- soundness

    @property
    def _sound(self) -> Iterable[Definition]:
        return (each for each in self.definitions if each.id not in self._broken)

    def _is_sound(self, definition: Definition) -> bool:
        """An unknown condition or a reference to nobody leaves the segment without members.

        So does a circle of references, which validation refuses before it comes this far.
        """
        return not any(
            isinstance(c, CustomCondition)
            or (isinstance(c, SegmentCondition) and definition.references.get(c.slug) not in self.position)
            for c in conditions_of(definition.rule)
        )


def compile_figure(trait: Trait, minor_exponent: int, zone: Any) -> tuple[Plan, Any]:
    """A plan for one trait, and a function ``(records, now)`` that reads its figure."""
    plan = make_plan(stores_for(trait), ())
    emitter = Emitter({trait: 0}, plan, minor_exponent)
    name = emitter.trait(trait)
    return plan, build_function("(S, now)", emitter, [f"return {name}"], zone)


def build_function(signature: str, emitter: Emitter, body: list[str], zone: Any) -> Any:
    """Compile statements and the variables that they share into a function."""
    prelude = [f"{name} = {text}" for text, name in emitter.variables.items()]
    lines = "\n    ".join([*prelude, *body])
    namespace: dict[str, Any] = {**make_namespace(zone), **emitter.constants}
    tree = _checked(ast.parse(f"def compiled{signature}:\n    {lines}\n"))
    exec(compile(tree, "<ruleset>", "exec"), namespace)  # noqa: S102 - whitelisted nodes only
    return namespace["compiled"]


_ALLOWED_NODES = (
    ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Assign, ast.Return, ast.Expr, ast.If,
    ast.Pass, ast.IfExp, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp,
    ast.Add, ast.Sub, ast.Mult, ast.BitOr, ast.Compare, ast.Gt, ast.GtE, ast.Lt,
    ast.LtE, ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn, ast.Call, ast.Attribute,
    ast.Subscript, ast.Name, ast.Load, ast.Store, ast.Constant, ast.Tuple, ast.List,
)  # fmt: skip


def _checked(tree: ast.Module) -> ast.Module:
    """Refuse anything in the tree that the compiler itself has no use for."""
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED_NODES):
            raise TypeError(f"{type(node).__name__} has no place in a compiled ruleset")
        if isinstance(node, ast.Attribute) and node.attr != "get":
            raise TypeError(f"attribute {node.attr!r} has no place in a compiled ruleset")
        if isinstance(node, ast.Constant) and not isinstance(node.value, int | None):
            raise TypeError("only numbers stand in a compiled ruleset")
    return tree


def _folded(context: Mapping[str, Any]) -> dict[str, Any]:
    """Context as conditions compare it: text case-folded, nothing for what is missing."""
    return {
        name: value.casefold() if isinstance(value, str) else value
        for name, value in context.items()
        if value not in ("", None)
    }


def _is_leaf(condition: Condition) -> bool:
    return not isinstance(condition, SegmentCondition | CustomCondition)


def _trait_index(conditions: Iterable[Condition]) -> dict[Trait, int]:
    traits = dict.fromkeys(trait for c in conditions for trait in condition_traits(c))
    return {trait: at for at, trait in enumerate(traits)}


def digest_of(trait: Trait) -> str:
    """A short stable name of a trait."""
    return hashlib.blake2b(repr(trait).encode(), digest_size=16).hexdigest()


def _in_order(definitions: Iterable[Definition]) -> tuple[list[Definition], set[int]]:
    """Definitions so that each comes after those it refers to, and the ids of those in a circle."""
    waiting = {each.id: each for each in definitions}
    ordered: list[Definition] = []
    while waiting:
        ready = [each for each in waiting.values() if not waiting.keys() & set(each.references.values())]
        if not ready:
            return [*ordered, *waiting.values()], set(waiting)
        ordered.extend(waiting.pop(each.id) for each in ready)
    return ordered, set()
