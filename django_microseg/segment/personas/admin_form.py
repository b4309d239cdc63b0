"""The forms of a persona: its story as rows, or as text for whoever likes that; what is wrong is pointed at.

Comes in: what staff chose and typed. Goes out: a story that can be read. Saving is not done here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ... import conf
from ...collect.events import catalogue
from ...collect.voids import VOIDING
from ...profile.fact_catalogue import fact_types
from ...profile.facts import reserved_now
from ..context_catalogue import CONTEXTS
from ..files import BadFile
from ..models import Segment
from .models import Persona
from .rows import Row, rows_of, story_of_rows
from .rows_field import Choices, Column, RowsField, RowsWidget
from .story import UNITS, WrongStory, read_story
from .text import line_of, read_text, story_text

__all__ = ["PARTS", "PersonaForm", "RowsForm", "TextForm"]

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Persona]
else:  # Django's class takes no type parameter when it runs
    _ModelForm = forms.ModelForm

PARTS = ("events", "facts", "context")
_NOTHING = ("", "---------")
#: What most stories are made of stands first.
_USUAL = ("order_completed", "product_viewed", "product_added", "cart_viewed", "page_viewed", "session_started")
_ORDER = "order_completed"
_UNIT_WORDS = (gettext_lazy("days ago"), gettext_lazy("hours ago"), gettext_lazy("minutes ago"))


class PersonaForm(_ModelForm):
    """Name and expectations; a form of the story derives from it."""

    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Must be in"),
        required=False,
        widget=FilteredSelectMultiple(gettext_lazy("segments"), is_stacked=False),
    )
    unwanted = forms.MultipleChoiceField(
        label=gettext_lazy("Must not be in"),
        required=False,
        widget=FilteredSelectMultiple(gettext_lazy("segments"), is_stacked=False),
    )

    class Meta:
        model = Persona
        fields = ["name", "wanted", "unwanted"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = _segment_names()
        for field in ("wanted", "unwanted"):
            if field in self.fields:
                chosen = {slug: _("%s (gone)") % slug for slug in getattr(self.instance, field)}
                cast("forms.MultipleChoiceField", self.fields[field]).choices = list((chosen | names).items())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wanted, unwanted = given.get("wanted", []), given.get("unwanted", [])
        both = sorted(set(wanted) & set(unwanted))
        if both:
            self.add_error("unwanted", _("“%s” stands on both sides: take it out of one.") % ", ".join(both))
        elif not wanted and not unwanted:
            self.add_error(
                "wanted", _("Nothing is expected. Choose a segment that the persona must, or must not, be in.")
            )
        story = self.read(given)
        if story is not None and self._may_be_read(story):
            self.instance.story = story
        return given

    def read(self, given: dict[str, Any]) -> dict[str, Any] | None:
        """The story as it is kept; None, and an error is added, if there is a mistake."""
        raise NotImplementedError

    def point(self, error: BadFile) -> None:
        """Add the error where it belongs."""
        raise NotImplementedError

    def _may_be_read(self, story: dict[str, Any]) -> bool:
        nothing: frozenset[str] = frozenset()
        try:
            read_story(story, name="", wanted=nothing, unwanted=nothing, now=timezone.now())
        except BadFile as error:
            self.point(error)
            return False
        return True


class RowsForm(PersonaForm):
    """The story as rows."""

    events = RowsField(
        label=gettext_lazy("What happened"),
        help_text=gettext_lazy(
            "One row for each kind of thing. “Times” with “days between” says it several times, the latest as "
            "long ago as you say. More rows appear when you save."
        ),
    )
    facts = RowsField(label=gettext_lazy("What is known of them"), help_text=gettext_lazy("Dates such as 1990-05-01."))
    context = RowsField(label=gettext_lazy("The moment"), help_text=gettext_lazy("As if they were here right now."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = rows_of(self.initial.get("story") or self.instance.story) or {}
        for part, columns in (
            ("events", _event_columns()),
            ("facts", _fact_columns()),
            ("context", _context_columns()),
        ):
            self._widget(part).columns = columns
            self.initial.setdefault(part, rows.get(part, []))
        self._widget("events").spare = 2

    def _widget(self, part: str) -> RowsWidget:
        return cast("RowsWidget", self.fields[part].widget)

    def read(self, given: dict[str, Any]) -> dict[str, Any] | None:
        try:
            return story_of_rows({part: given.get(part, []) for part in PARTS})
        except WrongStory as error:
            self.point(error)
            return None

    def point(self, error: BadFile) -> None:
        part = getattr(error, "part", "") or "events"
        place, said = getattr(error, "place", None), getattr(error, "plain", str(error))
        row = _place_of(place, self.cleaned_data.get(part, []))
        if row is None:
            self.add_error(part, said)
            return
        self.add_error(part, _("Row %(number)s: %(problem)s") % {"number": row + 1, "problem": said})
        self._widget(part).row_errors[row] = said


class TextForm(PersonaForm):
    """The story as text."""

    story_text = forms.CharField(
        label=gettext_lazy("Story"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "microseg-rule", "spellcheck": "false"}),
        help_text=gettext_lazy("events, facts and context, in the form of a file of segments"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("story_text", story_text(self.initial.get("story") or self.instance.story))

    def read(self, given: dict[str, Any]) -> dict[str, Any] | None:
        try:
            return read_text(given.get("story_text", ""))
        except BadFile as error:
            self.point(error)
            return None

    def point(self, error: BadFile) -> None:
        line = line_of(self.cleaned_data.get("story_text", ""), error) if isinstance(error, WrongStory) else None
        said = str(error) if line is None else _("Line %(line)s: %(problem)s") % {"line": line, "problem": error}
        self.add_error("story_text", said)


def _place_of(place: int | str | None, rows: list[Row]) -> int | None:
    """The row that a mistake speaks of, by its number or by the name that it has."""
    if isinstance(place, int):
        return place
    return next((number for number, row in enumerate(rows) if row.get("name", "") == (place or "")), None)


def _segment_names() -> dict[str, str]:
    rows = Segment.objects.exclude(state=Segment.State.ARCHIVED).order_by("name")
    return {
        row.slug: row.name if row.state == Segment.State.ACTIVE else f"{row.name} ({row.get_state_display()})"
        for row in rows
    }


# -- columns


def _event_columns() -> tuple[Column, ...]:
    return (
        Column("event", gettext_lazy("what"), _event_choices()),
        Column("times", gettext_lazy("times"), hint="1", is_number=True),
        Column("ago", gettext_lazy("how long"), hint="0", is_number=True),
        Column("unit", gettext_lazy("unit"), tuple(zip(UNITS, _UNIT_WORDS, strict=True)), is_kept=True),
        Column("days_between", gettext_lazy("days between"), is_number=True),
        Column("product", gettext_lazy("product")),
        Column("category", gettext_lazy("category")),
        Column("amount", gettext_lazy("amount"), is_number=True),
        Column("more", gettext_lazy("further details"), hint="coupon=SALE; path=/"),
    )


def _event_choices() -> Choices:
    known = catalogue().events
    usual = [(name, _event_label(name)) for name in _USUAL if name in known]
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, event in known.items():
        if name not in _USUAL and not event.is_derived and (name == _ORDER or name not in VOIDING):
            groups.setdefault(capfirst(event.topic), []).append((name, _event_label(name)))
    return [_NOTHING, (_("Often used"), usual), *groups.items()]


def _event_label(name: str) -> str:
    event = catalogue().events[name]
    return event.summary.removesuffix(".") or name


def _fact_columns() -> tuple[Column, ...]:
    reserved = reserved_now() | {"age"}
    facts = fact_types(conf.get("FACTS")).values()
    choices = [(each.name, f"{_spaced(each.name)}: {each.summary}") for each in facts if each.name not in reserved]
    return Column("name", gettext_lazy("what"), [_NOTHING, *choices]), Column("value", gettext_lazy("value"))


def _context_columns() -> tuple[Column, ...]:
    choices = [(each.name, f"{_spaced(each.name)}: {each.description}") for each in CONTEXTS.values()]
    return Column("name", gettext_lazy("what"), [_NOTHING, *choices]), Column("value", gettext_lazy("value"))


def _spaced(name: str) -> str:
    return name.replace("_", " ")
