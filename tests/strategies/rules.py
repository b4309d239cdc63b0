"""Generated rules: every aggregate, operator, window, filter, operand, fact, context and reference.

What comes out is valid under the vocabulary that went in and in normal form or not, as it falls; a test
narrows it by giving a smaller vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from django_microseg.profile.traits.definition import (
    ALL_TIME,
    DAY,
    HOUR,
    MINUTE,
    After,
    Number,
    Stream,
    Test,
    Trait,
    Window,
)
from django_microseg.segment.aggregates import AGGREGATES, NUMBER_OPERATORS, Aggregate
from django_microseg.segment.exact import tidy
from django_microseg.segment.names import FUNCTIONS, is_name
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
from django_microseg.segment.terms import TEXTS, EventTerm, Term, Vocabulary
from django_microseg.segment.validate.operands import _is_comparable

__all__ = [
    "Words",
    "conditions",
    "custom_conditions",
    "rules",
    "texts",
    "traits",
    "windows",
]


class Words:
    """A vocabulary that hypothesis does not print in full whenever it names a strategy."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def __getattr__(self, name: str) -> Any:
        return getattr(self.vocabulary, name)

    def __repr__(self) -> str:
        return "words"


_ORDER = (">", ">=", "<", "<=")
_LENGTHS = st.one_of(
    st.integers(1, 400).map(lambda n: n * DAY),
    st.integers(1, 72).map(lambda n: n * HOUR),
    st.integers(1, 600).map(lambda n: n * MINUTE),
)

#: Texts as people and shops write them, with all that could trip a parser.
texts = st.one_of(
    st.sampled_from(
        ("footwear", "eco-friendly", "mobile", "de", "Schuhe & Stiefel", 'the "best"', "a\\b", "it's", "ß")
    ),
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12),
).filter(lambda text: text == text.strip() and text != "")


def exact(low: int, high: int, *, decimals: int = 3) -> st.SearchStrategy[Number]:
    """Numbers with at most so many decimals."""
    scale = 10**decimals
    fractions = st.integers(low * scale, high * scale).map(lambda n: tidy(Fraction(n, scale)))
    return st.one_of(st.integers(low, high), fractions)


def numbers_for(term: Term, vocabulary: Words) -> st.SearchStrategy[Number]:
    """Numbers that values of a term can be compared with."""
    if term.kind == "count":
        return st.integers(0, 12)
    if term.kind == "ratio":
        return st.integers(0, 1000).map(lambda n: tidy(Fraction(n, 1000)))
    if term.kind == "duration":
        return exact(0, 400)
    if term.kind == "money":
        return exact(-50, 500, decimals=vocabulary.minor_exponent)
    return exact(*term.bounds, decimals=0) if term.bounds else exact(-20, 500)


@st.composite
def tests(draw: st.DrawFn, event: str, vocabulary: Words) -> Test:
    """One test on a property of an event."""
    fields = vocabulary.events[event].filters
    term = fields[draw(st.sampled_from(sorted(fields)))]
    is_text = term.kind in TEXTS
    op = draw(st.sampled_from(("eq", "ne", "in", "not_in", *(() if is_text else ("between", "ge", "le")))))
    values: st.SearchStrategy[Any] = texts if is_text else numbers_for(term, vocabulary)
    if op in ("in", "not_in"):
        return Test(term.name, op, tuple(draw(st.lists(values, min_size=1, max_size=4))))
    if op == "between":
        return Test(term.name, op, tuple(sorted((draw(values), draw(values)))))
    if op == "ne" and is_text:
        values = st.one_of(st.just(""), values)
    return Test(term.name, op, (draw(values),))


def filters(event: str, vocabulary: Words, *, least: int = 0) -> st.SearchStrategy[tuple[Test, ...]]:
    return st.lists(tests(event, vocabulary), min_size=least, max_size=3).map(tuple)


@st.composite
def streams(draw: st.DrawFn, vocabulary: Words) -> Stream:
    event = draw(st.sampled_from(sorted(vocabulary.events)))
    return Stream(event, draw(filters(event, vocabulary)))


@st.composite
def windows(draw: st.DrawFn, vocabulary: Words) -> Window:
    """All time, the last N, between A and B ago, since an event."""
    kind = draw(st.sampled_from(("all", "last", "between", "since")))
    if kind == "all":
        return ALL_TIME
    if kind == "since":
        return Window(since=draw(streams(vocabulary)))
    oldest = draw(_LENGTHS)
    if kind == "last":
        return Window(0, oldest)
    return Window(draw(_LENGTHS), draw(_LENGTHS) + 401 * DAY)


@st.composite
def traits(draw: st.DrawFn, vocabulary: Words, names: Sequence[str] = tuple(AGGREGATES)) -> tuple[Trait, Term]:
    """A trait and the kind of its value."""
    aggregate = AGGREGATES[draw(st.sampled_from(names))]
    event, term = draw(_events_and_values(aggregate, vocabulary))
    after = draw(_afters(aggregate, vocabulary)) if aggregate.takes_after else None
    stream = Stream(event.name, draw(filters(event.name, vocabulary)), after)
    part = draw(filters(event.name, vocabulary, least=1)) if aggregate.takes_part else ()
    field = term.name if aggregate.field else None
    if aggregate.name == "distinct":
        term = Term("distinct", "count")
    return Trait(aggregate.name, stream, draw(windows(vocabulary)), field, part), term


@st.composite
def _events_and_values(draw: st.DrawFn, aggregate: Aggregate, vocabulary: Words) -> tuple[EventTerm, Term]:
    """An event that has what the aggregate needs, and the field or, without one, the figure itself."""
    wanted = {"number": {"number", "money", "measure"}, "text": {"text", "key"}, "": set()}[aggregate.field]
    choices = {
        name: [term for term in event.aggregated.values() if term.kind in wanted]
        for name, event in vocabulary.events.items()
    }
    names = [name for name in sorted(choices) if choices[name] or not wanted]
    name = draw(st.sampled_from(names))
    if not wanted:
        return vocabulary.events[name], Term(aggregate.name, aggregate.kind, aggregate.unit)
    return vocabulary.events[name], draw(st.sampled_from(choices[name]))


@st.composite
def _afters(draw: st.DrawFn, aggregate: Aggregate, vocabulary: Words) -> After:
    stream = draw(streams(vocabulary))
    return After(stream.event, stream.where, draw(_LENGTHS), aggregate.is_negated)


@st.composite
def _figures(draw: st.DrawFn, term: Term, vocabulary: Words) -> Operand:
    """A figure times a factor that a number of the term's kind can be compared with."""
    factor = draw(st.one_of(st.just(1), exact(1, 5)))
    population = [name for name, other in vocabulary.population.items() if _is_comparable(term, other)]
    is_shared: bool = draw(st.booleans())
    if population and is_shared:
        return PopulationOperand(draw(st.sampled_from(sorted(population))), factor)
    other, kind = draw(traits(vocabulary, [name for name, each in AGGREGATES.items() if each.kind != "text"]))
    if not _is_comparable(term, kind):
        return draw(numbers_for(term, vocabulary))
    return TraitOperand(other, factor)


@st.composite
def trait_conditions(draw: st.DrawFn, vocabulary: Words) -> TraitCondition:
    trait, term = draw(traits(vocabulary))
    may_be_unknown = not AGGREGATES[trait.aggregate].is_always_known
    if may_be_unknown and draw(st.integers(0, 6)) == 0:
        return TraitCondition(trait, draw(st.sampled_from(("known", "unknown"))), ())
    if term.kind in TEXTS:
        return TraitCondition(trait, *draw(_text_comparisons()))
    operator = draw(st.sampled_from(_ORDER if term.kind == "duration" else NUMBER_OPERATORS))
    plain = numbers_for(term, vocabulary)
    return TraitCondition(trait, operator, draw(st.one_of(plain, plain, _figures(term, vocabulary))))


@st.composite
def _text_comparisons(draw: st.DrawFn) -> tuple[str, Operand]:
    operator = draw(st.sampled_from(("==", "!=", "in", "not_in")))
    if operator in ("in", "not_in"):
        return operator, tuple(draw(st.lists(texts, min_size=1, max_size=4)))
    return operator, draw(texts)


@st.composite
def _comparisons(draw: st.DrawFn, term: Term, vocabulary: Words) -> tuple[str, Operand]:
    """Operator and operand for a fact or a piece of context."""
    if term.kind == "date" or draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(("known", "unknown"))), ()
    if term.kind in TEXTS:
        return draw(_text_comparisons())
    operator = draw(st.sampled_from((*NUMBER_OPERATORS, "in", "not_in")))
    values = numbers_for(term, vocabulary)
    if operator in ("in", "not_in"):
        return operator, tuple(draw(st.lists(values, min_size=1, max_size=4)))
    return operator, draw(values)


@st.composite
def fact_conditions(draw: st.DrawFn, vocabulary: Words) -> FactCondition:
    name = draw(st.sampled_from(sorted(vocabulary.facts)))
    return FactCondition(name, *draw(_comparisons(vocabulary.facts[name], vocabulary)))


@st.composite
def context_conditions(draw: st.DrawFn, vocabulary: Words) -> ContextCondition:
    name = draw(st.sampled_from(sorted(vocabulary.contexts)))
    return ContextCondition(name, *draw(_comparisons(vocabulary.contexts[name], vocabulary)))


_names = st.from_regex(r"[a-z][a-z0-9]{0,6}(_[a-z0-9]{1,4})?", fullmatch=True).filter(is_name)
_plain_parameters = st.one_of(texts, exact(-9, 9), st.booleans(), st.none())


@st.composite
def custom_conditions(draw: st.DrawFn) -> CustomCondition:
    """Conditions of types that nobody registered, with parameters of every kind."""
    kind = draw(_names.filter(lambda name: name not in FUNCTIONS))
    values = st.one_of(_plain_parameters, st.lists(_plain_parameters, max_size=3).map(tuple))
    parameters = draw(st.dictionaries(_names, values, max_size=3))
    return CustomCondition(kind, tuple(parameters.items()))


def conditions(vocabulary: Vocabulary) -> st.SearchStrategy[Condition]:
    """Any one condition."""
    words = Words(vocabulary)
    kinds: list[st.SearchStrategy[Any]] = [trait_conditions(words)] * 4
    if vocabulary.facts:
        kinds.append(fact_conditions(words))
    if vocabulary.contexts:
        kinds.append(context_conditions(words))
    if vocabulary.segments:
        kinds.append(st.sampled_from(sorted(vocabulary.segments)).map(SegmentCondition))
    return st.one_of(kinds)


def rules(vocabulary: Vocabulary, *, extra: st.SearchStrategy[Any] | None = None) -> st.SearchStrategy[Rule]:
    """Any rule, in normal form or not: groups of all kinds, empty, of one, negated, and ranges."""
    leaves = conditions(vocabulary) if extra is None else st.one_of(conditions(vocabulary), extra)
    return st.recursive(leaves, _groups, max_leaves=8).filter(lambda rule: _depth(rule) <= 8)


def _groups(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Group]:
    members = st.lists(st.one_of(inner.map(lambda rule: (rule,)), _ranges()), max_size=4)
    return st.builds(
        lambda combinator, parts, is_negated: Group(combinator, sum(parts, ()), is_negated),
        st.sampled_from(("all", "any")), members, st.booleans(),
    )  # fmt: skip


def _ranges() -> st.SearchStrategy[tuple[Condition, ...]]:
    """Two bounds of one subject side by side, which the text writes as ``18 <= age < 30``."""
    return st.builds(
        lambda low, high, below, above: (FactCondition("age", low, below), FactCondition("age", high, above)),
        st.sampled_from((">=", ">")), st.sampled_from(("<=", "<")), st.integers(0, 60), st.integers(0, 90),
    )  # fmt: skip


def _depth(rule: Rule) -> int:
    return 1 + max(map(_depth, rule.rules), default=0) if isinstance(rule, Group) else 0
