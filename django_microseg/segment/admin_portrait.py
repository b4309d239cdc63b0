"""A segment's portrait in words: what is most telling, every figure in a table, how alike its members are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..collect.drawing import Bars, Column, Series, Table
from ..collect.figure import Figure
from ..collect.in_words import money_in_words
from .admin_words import count_in_words, percent_in_words
from .errors import InvalidRule
from .insight.alike import FEWEST_TO_ACT, FEWEST_TO_MEASURE, Alike
from .insight.contrast import Contrast, Share
from .insight.portrait import Portrait
from .insight.variables import VARIABLES, Variable, fact_variables
from .models import Segment
from .rule import FactCondition, TraitCondition, TraitOperand, conditions_of
from .rulebook import runnable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = ["PortraitPanel", "portrait_panel"]

_DRAWN, _LISTED = 12, 40
_TIMES_OF_DAY = {
    "night": gettext_lazy("night (0 to 6)"),
    "morning": gettext_lazy("morning (6 to 12)"),
    "afternoon": gettext_lazy("afternoon (12 to 18)"),
    "evening": gettext_lazy("evening (18 to 24)"),
}
#: Below these chances, how sure it is.
_SURE: tuple[tuple[float, StrOrPromise], ...] = (
    (0.001, gettext_lazy("as good as certain")),
    (0.01, gettext_lazy("very sure")),
    (0.05, gettext_lazy("fairly sure")),
)


@dataclass(frozen=True, slots=True)
class PortraitPanel:
    """``figure`` None: nothing is sure enough to be drawn. ``given`` are rows that the rule itself asks for."""

    title: str
    figure: Figure | None
    basis: str
    rare: str
    given: tuple[str, ...]
    alike: str
    how_alike: str
    warning: str


def portrait_panel(segment: Segment, portrait: Portrait, base: str, period: str) -> PortraitPanel:
    """``base`` is whom they are compared with, in words."""
    variables = {each.key: each for each in (*VARIABLES, *fact_variables())}
    asked = _asked_by(segment)
    rows = [(row, variables[row.variable]) for row in portrait.contrasts.rows]
    telling = [(row, variable) for row, variable in rows if not variable.asks & asked]
    given = [_name(row, variable) for row, variable in rows if variable.asks & asked and row.is_sure]
    title, basis = _title(telling, base), _basis(portrait, base)
    return PortraitPanel(
        title=title,
        figure=_figure(telling, title, basis, base, period) if telling and telling[0][0].is_sure else None,
        basis=basis,
        rare=_rare(portrait.contrasts.rare),
        given=tuple(given[:_DRAWN]),
        alike=_alike(portrait.alike, base),
        how_alike=_how_alike(portrait.alike),
        warning=_warning(portrait.members),
    )


def _asked_by(segment: Segment) -> frozenset[str]:
    """The events and facts that the rule in force names: what it finds is no news."""
    if segment.live_version is None:
        return frozenset()
    try:
        conditions = list(conditions_of(runnable(segment.live_version.rule)))
    except InvalidRule:
        return frozenset()
    names: set[str] = {each.name for each in conditions if isinstance(each, FactCondition)}
    for each in conditions:
        if isinstance(each, TraitCondition):
            names.add(each.trait.stream.event)
            if isinstance(each.value, TraitOperand):
                names.add(each.value.trait.stream.event)
    return frozenset(names)


def _figure(rows: list[tuple[Contrast, Variable]], title: str, basis: str, base: str, period: str) -> Figure:
    drawn = [(row, variable) for row, variable in rows if row.is_sure and row.index is not None][:_DRAWN]
    series = Series(
        _("index"),
        tuple(row.index for row, _variable in drawn),
        "this",
        low=tuple(row.low for row, _variable in drawn),
        high=tuple(row.high for row, _variable in drawn),
    )
    bars = Bars(
        labels=tuple(_name(row, variable) for row, variable in drawn),
        series=(series,),
        x=_("index: %(base)s = 100") % {"base": base},
        y="",
        base=100,
        is_ratio=True,
    )
    note = _("the line at the end of a bar is how sure we are of the index")
    return Figure(
        slug="portrait", title=title, drawn=bars, basis=basis, period=period, note=note,
        given_table=_table(rows, base),
    )  # fmt: skip


def _table(rows: list[tuple[Contrast, Variable]], base: str) -> Table:
    names = (_("What"), _("Here"), base, _("Index"), _("Between"), _("How sure"))
    columns = tuple(Column(name, is_number=0 < at < 5) for at, name in enumerate(names))
    return Table(columns, tuple(_cells(row, variable) for row, variable in rows[:_LISTED]))


def _cells(row: Contrast, variable: Variable) -> tuple[str, ...]:
    index = count_in_words(round(row.index)) if row.index is not None else _("only here")
    between = _("%(low)s to %(high)s") % {
        "low": count_in_words(round(row.low)), "high": count_in_words(round(row.high)),
    }  # fmt: skip
    return _name(row, variable), _share(row.here), _share(row.there), index, between, _how_sure(row.chance)


def _share(share: Share) -> str:
    figures = {"percent": percent_in_words(100 * share.part), "of": count_in_words(share.of)}
    return _("%(percent)s of %(of)s") % figures


def _how_sure(chance: float) -> str:
    return next((str(words) for most, words in _SURE if chance < most), _("may be chance"))


def _name(row: Contrast, variable: Variable) -> str:
    name = str(variable.name)
    if variable.kind == "yes":
        return name
    if variable.kind == "text":
        value = _TIMES_OF_DAY.get(str(row.value), row.value) if variable.key == "hour" else row.value
        return f"{name}: {value}"
    return _("%(name)s: more than %(value)s") % {"name": name, "value": _amount(float(row.value), variable.kind)}


def _amount(value: float, kind: str) -> str:
    if kind == "money":
        return money_in_words(round(value))
    digits = 0 if value == round(value) or value >= 10 else 1
    return number_format(round(value, digits), digits, use_l10n=True, force_grouping=True)


def _title(rows: list[tuple[Contrast, Variable]], base: str) -> str:
    """The strongest row that the rule does not ask for itself, as an answer."""
    if not rows or not rows[0][0].is_sure:
        return _("Nothing but the rule sets them apart for sure")
    row, variable = rows[0]
    figures: dict[str, Any] = {"what": _name(row, variable), "base": base}
    if row.index is None:
        return _("Most telling: %(what)s, which none of %(base)s is") % figures
    if row.index >= 100:
        figures["times"] = number_format(round(row.index / 100, 1), 1, use_l10n=True)
        return _("Most telling: %(what)s, %(times)s times as often as %(base)s") % figures
    figures["part"] = percent_in_words(row.index)
    return _("Most telling: %(what)s, %(part)s as often as %(base)s") % figures


def _basis(portrait: Portrait, base: str) -> str:
    here, there = _part(portrait.here, portrait.members), _part(portrait.there, portrait.others)
    return _("members: %(here)s; %(base)s: %(there)s") % {"here": here, "base": base, "there": there}


def _part(asked: int, people: int) -> str:
    if asked < people:
        figures = {"asked": count_in_words(asked), "people": count_in_words(people)}
        return _("%(asked)s of %(people)s, taken at random") % figures
    return _("all %s") % count_in_words(people)


def _rare(number: int) -> str:
    if not number:
        return ""
    words = ngettext(
        "%s value is too rare to say anything about it.", "%s values are too rare to say anything about them.", number
    )
    return words % count_in_words(number)


def _alike(alike: Alike | None, base: str) -> str:
    if alike is None:
        text = _("Fewer than %(fewest)s people on one side: too few to say how alike they are.")
        return text % {"fewest": FEWEST_TO_MEASURE}
    figures = {"here": _points(alike.here), "there": _points(alike.there), "base": base}
    if alike.is_more:
        return _("More alike than %(base)s: %(here)s against %(there)s of 100") % figures
    if alike.is_less:
        return _("More mixed than %(base)s: %(here)s against %(there)s of 100") % figures
    return _("About as mixed as %(base)s: %(here)s against %(there)s of 100") % figures


def _how_alike(alike: Alike | None) -> str:
    if alike is None:
        return ""
    figures = {
        "variables": alike.variables,
        "low": _points(alike.difference - alike.margin),
        "high": _points(alike.difference + alike.margin),
    }
    return (
        _(
            "0 is as mixed as can be, 100 all the same, over %(variables)s variables. "
            "How sure we are: the difference is %(low)s to %(high)s."
        )
        % figures
    )


def _points(share: float) -> str:
    return number_format(round(100 * share), use_l10n=True)


def _warning(members: int) -> str:
    if members >= FEWEST_TO_ACT:
        return ""
    text = _(
        "With fewer than %(fewest)s members it is too small to act on: no test will ever tell whether what they are "
        "shown helps. Widen the rule, or join it with a segment that is like it."
    )
    return text % {"fewest": FEWEST_TO_ACT}
