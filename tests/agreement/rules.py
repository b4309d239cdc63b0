"""Generated rules that lie on the edge: thresholds near what one muse's history is worth.

A rule drawn blindly is false for everyone and proves nothing. So windows are laid through the
muse's events, tests ask for what one of them says, and literals are its value or one step beside
it. Every operator, aggregate, window, filter and operand of the tree occurs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random
from typing import Any

from django_microseg.collect.record import EventRecord
from django_microseg.profile.traits.columns import COLUMNS, MEASURE
from django_microseg.profile.traits.definition import (
    SHARES,
    TEXT_AGGREGATES,
    TIME_SINCE,
    After,
    Number,
    Stream,
    Test,
    Trait,
    Window,
)
from django_microseg.segment.rule import (
    Condition,
    ContextCondition,
    CustomCondition,
    FactCondition,
    Group,
    Operand,
    PopulationOperand,
    Rule,
    SegmentCondition,
    TraitCondition,
    TraitOperand,
)

from .histories import FACT_NUMBERS, FACT_TEXTS, KEYS, NAMES, SOURCES, TEXTS, Clock, History
from .oracle import Situation, fact_value, trait_value, unit_of

__all__ = ["CONTEXT_NUMBERS", "CONTEXT_TEXTS", "UNKNOWN", "Author", "spelled"]

NUMBER_OPERATORS = (">=", ">", "<=", "<", "==", "!=")
LISTS = ("in", "not_in")
TEXT_OPERATORS = ("==", "!=", "in", "not_in")
OF_NUMBERS = ("sum", "avg", "min", "max")
OF_TEXTS = ("distinct", "top", "first", "last")
FOLLOWING = ("follows", "not_follows", "follows_share", "not_follows_share")
AGGREGATES = (
    *("count", "active_days", "active_weeks", "mean_gap", "share"),
    *(*TIME_SINCE, *OF_NUMBERS, *OF_TEXTS, *FOLLOWING),
)
TEXT_TESTS = ("eq", "ne", "in", "not_in")
NUMBER_TESTS = (*TEXT_TESTS, "between", "ge", "le")
GROUPS = ("any", "any", "cart_changed")
RATING = "rating"
#: The slug of a segment that no world has.
UNKNOWN = "nobody-defined-this"

POOLS: dict[str, tuple[Any, ...]] = {
    **TEXTS,
    "product": KEYS["product_key"],
    "order": KEYS["order_key"],
    "visit": KEYS["visit_key"],
    "source": tuple(sorted(set(SOURCES))),
    "local_hour": (0, 19, 20, 23),
    "local_weekday": (0, 5, 6),
    "quantity": (0, 1, 2, 3),
    "value": (0, 999, 1000, 2000),
    RATING: (0, 1000, 4000, 4500),
}
BY_KIND = {
    kind: tuple(column.name for column in COLUMNS.values() if column.kind == kind)
    for kind in ("text", "key", "number", "money")
} | {"measure": (RATING,)}
LABEL_VALUES = {
    "attribute": ("vegan", "Vegan", " VEGAN ", "vega", "warm", "a|b", "a b", "straße", "STRASSE"),
    "Attribute": ("vegan",),
    "size": ("4", "42", "100%", "100_"),
    "note": ("x=y_z", "x", "x=y%"),
}
REMEMBERED = ("device", "channel", "campaign", "country", "region", "language")
CONTEXT_TEXTS = {
    **{name: TEXTS[name] for name in REMEMBERED},
    "page": ("/", "/sale"),
    "weather": ("rain", "sun"),
    "referrer": ("news.example", "search.example"),
}
CONTEXT_NUMBERS = {
    "hour": (0, 19, 20, 23),
    "weekday": (0, 5, 6),
    "visit_views": (1, 2, 5),
    "visit_number": (1, 2),
}
SPELLINGS = {
    text: (text, *(s for s in (text.upper(), text.title()) if s.casefold() == text))
    for texts in (*TEXTS.values(), *FACT_TEXTS.values())
    for text in texts
}
SPELLINGS["strasse"] += ("straße", "Straße")
SPELLINGS["i\u0307stanbul"] += ("\u0130stanbul",)


def spelled(rng: Random, text: str) -> str:
    """The same text as somebody else may write it."""
    return rng.choice(SPELLINGS.get(text, (text,)))


def number(value: Fraction | int) -> Number:
    """As a rule writes it: an int where it is whole."""
    return int(value) if value.denominator == 1 else Fraction(value)


@dataclass
class Author:
    """Draws rules with one muse, at one instant, in view; notes the population figures it used."""

    rng: Random
    clock: Clock
    muse: History
    now: int
    minor_exponent: int
    population: dict[str, tuple[int, int]] = field(default_factory=dict)
    slugs: list[str] = field(default_factory=list)

    # -- rules

    def draw_rule(self, depth: int = 0) -> Rule:
        roll = self.rng.random()
        if depth >= 4 or roll < (0.4, 0.7, 0.8, 0.9)[depth]:
            return self._draw_condition()
        size = self.rng.choice((0, 1, 2, 2, 2, 3, 3, 4)) if roll > 0.95 else self.rng.choice((1, 2, 2, 3))
        rules = tuple(self.draw_rule(depth + 1) for _ in range(size))
        return Group(self.rng.choice(("all", "any")), rules, self.rng.random() < 0.3)

    def _draw_condition(self) -> Condition:
        roll = self.rng.random()
        if roll < 0.70:
            return self._draw_trait_condition()
        if roll < 0.80:
            return self._draw_fact_condition()
        if roll < 0.90:
            return self._draw_context_condition()
        if roll < 0.975 and self.slugs:
            return SegmentCondition(self.rng.choice(self.slugs))
        if 0.975 <= roll < 0.983:
            return SegmentCondition(UNKNOWN)
        return CustomCondition("of_another_shop") if roll > 0.99 else self._draw_trait_condition()

    def _draw_trait_condition(self) -> TraitCondition:
        trait, value = self._draw_telling_trait()
        if self.rng.random() < 0.08:
            return TraitCondition(trait, self.rng.choice(("known", "unknown")), ())
        if trait.aggregate in TEXT_AGGREGATES:
            assert trait.field is not None
            return TraitCondition(trait, *self._text_side(value, POOLS[trait.field]))
        operator = self.rng.choice(NUMBER_OPERATORS)
        return TraitCondition(trait, operator, self._number_side(trait, value))

    def _draw_fact_condition(self) -> FactCondition:
        told = [name.replace("birthday", "age") for name, *_ in self.muse.known_facts()]
        is_told = told and self.rng.random() < 0.7
        name = self.rng.choice(told if is_told else ("age", "age", "age", *FACT_TEXTS, *FACT_NUMBERS))
        value = self._fact(name)
        if self.rng.random() < 0.2:
            return FactCondition(name, self.rng.choice(("known", "unknown")), ())
        if name in FACT_TEXTS:
            return FactCondition(name, *self._text_side(value, FACT_TEXTS[name]))
        raw = self.rng.choice((28, 8500)) if value is None else value
        unit = 1 if name == "age" else 1000
        return FactCondition(name, *self._plain_number_side([Fraction(raw + self._nudge(), unit), Fraction(raw + 1)]))

    def _draw_context_condition(self) -> ContextCondition:
        name = self.rng.choice((*REMEMBERED, *REMEMBERED, *CONTEXT_TEXTS, *CONTEXT_NUMBERS))
        if self.rng.random() < 0.2:
            return ContextCondition(name, self.rng.choice(("known", "unknown")), ())
        if name in CONTEXT_TEXTS:
            return ContextCondition(name, *self._text_side(None, CONTEXT_TEXTS[name]))
        return ContextCondition(name, *self._plain_number_side(self.rng.sample(CONTEXT_NUMBERS[name], 2)))

    # -- the right side

    def _text_side(self, value: Any, pool: Sequence[str]) -> tuple[str, Operand]:
        operator = self.rng.choice(TEXT_OPERATORS)
        hit = value if value is not None and self.rng.random() < 0.6 else self.rng.choice(pool)
        if operator in ("==", "!="):
            return operator, self._spell(hit)
        others = self.rng.sample(pool, self.rng.randrange(min(3, len(pool))))
        return operator, tuple(self._spell(text) for text in (hit, *others))

    def _plain_number_side(self, literals: Sequence[Fraction | int]) -> tuple[str, Operand]:
        """Facts and the moment know lists of numbers; traits do not."""
        operator = self.rng.choice((*NUMBER_OPERATORS, *LISTS, *LISTS))
        if operator in LISTS:
            return operator, tuple(number(literal) for literal in literals)
        return operator, number(literals[0])

    def _number_side(self, trait: Trait, value: Any) -> Operand:
        roll = self.rng.random()
        raw = self.rng.choice((0, 1, 2, 1000)) if value is None else value
        if roll < 0.12:
            return self._trait_operand(trait, raw)
        if roll < 0.20:
            return self._population_operand(raw)
        column = None if trait.field is None else COLUMNS.get(trait.field, MEASURE)
        unit = unit_of(trait, column, self.minor_exponent)
        if trait.aggregate in SHARES:
            return number(_decimal(Fraction(raw)) + Fraction(self._nudge(), 10))
        if trait.aggregate in TIME_SINCE or trait.aggregate == "mean_gap":
            return number(_decimal(Fraction(raw, unit), 2) + Fraction(self._nudge(), 4))
        literal = Fraction(raw + self._nudge(), unit)
        is_exact = literal.denominator < 1000 and self.rng.random() < 0.5
        return number(literal if is_exact else _decimal(literal))

    def _trait_operand(self, trait: Trait, raw: int | Fraction) -> TraitOperand:
        if self.rng.random() < 0.5:
            other = replace(trait, window=self._draw_window())
        else:
            other = self.draw_trait()
            while other.aggregate in TEXT_AGGREGATES:
                other = self.draw_trait()
        value = self._value(other)
        if not value or isinstance(value, str) or self.rng.random() < 0.4:
            return TraitOperand(other, self.rng.choice((1, 1, 2, Fraction(3, 2), 0)))
        return TraitOperand(other, number(_decimal(Fraction(raw) / value)))

    def _population_operand(self, raw: int | Fraction) -> PopulationOperand:
        name = f"figure_{len(self.population)}"
        factor = self.rng.choice((1, 1, 2, Fraction(1, 2)))
        figure = (Fraction(raw) + self._nudge()) / factor
        scale = self.rng.choice((1, 3))
        self.population[name] = (figure.numerator * scale, figure.denominator * scale)
        roll = self.rng.random()
        if roll < 0.1:
            self.population[name] = (figure.numerator, 0)
        return PopulationOperand("nobody_computed_this" if roll > 0.95 else name, factor)

    # -- traits

    def draw_trait(self) -> Trait:
        aggregate = self.rng.choice(AGGREGATES)
        event = self._muse_event()
        stream = self.draw_stream(event, may_follow=False)
        window = self._draw_window()
        if aggregate in FOLLOWING:
            after = self._draw_after(event, is_negated=aggregate.startswith("not_"))
            return Trait(aggregate, replace(stream, after=after), window)
        if self.rng.random() < 0.12:
            stream = replace(stream, after=self._draw_after(event, is_negated=self.rng.random() < 0.4))
        if aggregate == "share":
            part = self._draw_tests(event) or (self._draw_test(event),)
            return Trait(aggregate, stream, window, part=part)
        if aggregate in OF_NUMBERS:
            if self.rng.random() < 0.3:
                stream = replace(stream, event="order_completed")
            return Trait(aggregate, stream, window, self.rng.choice(("value", "value", "quantity", RATING)))
        if aggregate in OF_TEXTS:
            return Trait(aggregate, stream, window, self.rng.choice((*BY_KIND["text"], *BY_KIND["key"])))
        return Trait(aggregate, stream, window)

    def draw_stream(self, event: EventRecord | None, *, may_follow: bool = True) -> Stream:
        roll = self.rng.random()
        name = event.name if event and roll < 0.65 else self.rng.choice(GROUPS if roll > 0.8 else NAMES)
        after = None
        if may_follow and self.rng.random() < 0.15:
            after = self._draw_after(event, is_negated=self.rng.random() < 0.4)
        return Stream(name, self._draw_tests(event), after)

    def _draw_after(self, event: EventRecord | None, *, is_negated: bool) -> After:
        earlier = self._muse_event()
        name = earlier.name if earlier and self.rng.random() < 0.7 else self.rng.choice((*NAMES, *GROUPS))
        within = self.clock.grid * self.rng.choice((1, 2, 7))
        if event and earlier and event.occurred_at > earlier.occurred_at and self.rng.random() < 0.5:
            within = event.occurred_at - earlier.occurred_at + self.rng.choice((0, 1))
        where = self._draw_tests(earlier) if self.rng.random() < 0.3 else ()
        return After(name, where, within, is_negated)

    def _draw_window(self) -> Window:
        roll = self.rng.random()
        if roll < 0.25:
            return Window()
        if roll < 0.50:
            return Window(oldest=self._length())
        if roll < 0.65:
            return self._lagged()
        if roll < 0.75:
            return Window(newest=self._length())
        since = self.draw_stream(self._muse_event())
        around = self._lagged() if roll > 0.97 else Window(oldest=self._length()) if roll > 0.94 else Window()
        return replace(around, since=since)

    def _lagged(self) -> Window:
        newest, oldest = sorted((self._length(), self._length()))
        return Window(newest, oldest if oldest > newest else newest + self.clock.grid)

    def _length(self) -> int:
        event = self._muse_event()
        if event and event.occurred_at + 1 < self.now and self.rng.random() < 0.5:
            return self.now - event.occurred_at + self.rng.choice((0, 0, 1, -1))
        return self.clock.grid * self.rng.randint(1, self.clock.span + 1)

    def _draw_telling_trait(self) -> tuple[Trait, Any]:
        """Mostly one that says something of the muse: unknown and zero are frequent enough."""
        for _ in range(6):
            trait = self.draw_trait()
            value = self._value(trait)
            if value or self.rng.random() < 0.12:
                break
        return trait, value

    # -- tests on one event

    def _draw_tests(self, event: EventRecord | None) -> tuple[Test, ...]:
        roll = self.rng.random()
        size = 0 if roll < 0.55 else 1 if roll < 0.87 else 2 if roll < 0.96 else 3
        return tuple(self._draw_test(event) for _ in range(size))

    def _draw_test(self, event: EventRecord | None) -> Test:
        kind = self.rng.choice(("text", "text", "key", "number", "money", "measure", "label"))
        if kind == "label":
            name = self.rng.choice(tuple(LABEL_VALUES))
            op = self.rng.choice(TEXT_TESTS)
            if op == "ne" and self.rng.random() < 0.2:
                return Test(name, op, ("",))
            size = 1 if op in ("eq", "ne") else self.rng.randint(1, 3)
            return Test(name, op, tuple(self.rng.choice(LABEL_VALUES[name]) for _ in range(size)))
        name = self.rng.choice(BY_KIND[kind])
        own = event and getattr(event, COLUMNS.get(name, MEASURE).attribute)
        value = self.rng.choice(POOLS[name]) if own in ("", None) else own
        if kind in ("text", "key"):
            return self._draw_text_test(name, value)
        scale = {"money": 10**self.minor_exponent, "measure": 1000}.get(kind, 1)
        return self._draw_number_test(name, value, scale)

    def _draw_text_test(self, name: str, value: str) -> Test:
        op = self.rng.choice(TEXT_TESTS)
        other = self.rng.choice(POOLS[name])
        is_hit = self.rng.random() < 0.75
        if op in ("eq", "ne"):
            chosen = (value if (op == "eq") == is_hit else other,)
            chosen = ("",) if op == "ne" and self.rng.random() < 0.15 else chosen
        else:
            chosen = (value, other) if (op == "in") == is_hit else (other, *POOLS[name][:1])
            chosen = () if self.rng.random() < 0.08 else chosen
        return Test(name, op, tuple(self._spell(text) for text in chosen))

    def _draw_number_test(self, name: str, value: int, scale: int) -> Test:
        op = self.rng.choice(NUMBER_TESTS)
        near = value + self._nudge()
        chosen: tuple[int, ...] = (near,)
        if op == "between":
            chosen = (near - self.rng.choice((0, 0, 1, 1000)), near + self.rng.choice((0, 0, 1, 1000)))
        elif op in ("in", "not_in"):
            chosen = (near, *self.rng.sample(POOLS[name], 2))
        third = Fraction(1, 3) if self.rng.random() < 0.03 else 0
        return Test(name, op, tuple(number(Fraction(raw, scale) + third) for raw in chosen))

    # -- the muse

    def _muse_event(self) -> EventRecord | None:
        return self.rng.choice(self.muse.events) if self.muse.events else None

    def _value(self, trait: Trait) -> Any:
        return trait_value(trait, self.muse.events, self.now, minor_exponent=self.minor_exponent)

    def _fact(self, name: str) -> Any:
        facts = self.muse.known_facts()
        here = Situation((), facts, {}, {}, None, self.now, self.minor_exponent, self.clock.zone)
        return fact_value(name, here)

    def _nudge(self) -> int:
        return self.rng.choice((0, 0, 0, 1, -1))

    def _spell(self, text: str) -> str:
        return spelled(self.rng, text)


def _decimal(value: Fraction, places: int = 4) -> Fraction:
    """The nearest number that a person would write."""
    return round(value, places)
