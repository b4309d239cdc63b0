"""Personas in the admin: who is where they belong and why not, their stories, and examples to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ...collect.admin_pages import ObjectPages
from ..vocabulary import build_labels
from .admin_form import PARTS, RowsForm, TextForm
from .examples import EXAMPLES
from .models import Persona
from .rows import rows_of
from .stored import Asked, ask_stored
from .text import is_yaml, story_text
from .verdict import rules_in_force
from .why import complaints_of

__all__ = ["PersonaAdmin", "Shown", "shown_of"]

#: Of more personas that are not where they belong only the first say why: each takes a while to explain.
_MOST_EXPLAINED = 25
_TEXT = "text"


@dataclass(frozen=True, slots=True)
class Shown:
    """One persona as pages show it. ``state``: holds, fails, waits or unreadable."""

    row: Persona
    state: str
    words: str
    lines: tuple[str, ...] = ()
    url: str = ""


def shown_of(rows: Sequence[Persona]) -> list[Shown]:
    """Each with its state in words. A handful of statements, however many there are."""
    rules, now = rules_in_force(), timezone.now()
    asked = ask_stored(rows, rules, now=now)
    labels = build_labels() if any(not each.holds or _waits(each) for each in asked) else None
    left = _MOST_EXPLAINED
    found = []
    for each in asked:
        lines: list[str] = []
        if each.story is not None and each.verdict is not None and not each.holds and left:
            lines, left = complaints_of(each.story, each.verdict, rules, labels=labels, now=now), left - 1
        found.append(_shown(each, lines, labels))
    return found


def _waits(each: Asked) -> bool:
    return each.verdict is not None and bool(each.verdict.waiting)


def _shown(each: Asked, lines: list[str], labels: Any) -> Shown:
    if each.verdict is None:
        return Shown(each.row, "unreadable", _("its story can no longer be read"), (each.problem,))
    if not each.holds:
        return Shown(each.row, "fails", _("not where it belongs"), tuple(lines))
    waiting = [labels.segments.get(slug, slug) for slug in each.verdict.waiting]
    if waiting:
        return Shown(each.row, "waits", _("waits"), (_("Not in force: %s.") % ", ".join(waiting),))
    return Shown(each.row, "holds", _("where it belongs"))


class PersonaAdmin(ObjectPages):
    """Personas by name, each asked while the list is shown."""

    list_display = ["name", "expects", "state"]
    search_fields = ["name"]
    ordering = ["name", "pk"]
    list_per_page = 50
    list_pages = {"run": "run"}
    change_list_template = "django_microseg/admin/persona_list.html"
    change_form_template = "django_microseg/admin/persona.html"

    class Media:
        css = {"all": ["django_microseg/admin.css", "django_microseg/admin_personas.css"]}

    # -- the list

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(
            request, {"run_url": self.list_url("run"), "examples": self._examples(request), **(extra_context or {})}
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        for each in shown_of(list(found.result_list)):
            each.row.__dict__["shown"] = each
        names = build_labels().segments if found.result_list else {}
        for row in found.result_list:
            row.__dict__["expects"] = _expects(row, names)
        return found

    @admin.display(description=gettext_lazy("expected"))
    def expects(self, row: Persona) -> str:
        return str(row.__dict__.get("expects", ""))

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: Persona) -> SafeString | str:
        shown: Shown | None = row.__dict__.get("shown")
        return _state(shown) if shown else ""

    def run(self, request: HttpRequest) -> HttpResponse:
        """Ask all of them, and show those first that are not where they belong."""
        found = shown_of(list(Persona.objects.all()))
        wrong = [each for each in found if each.state in ("fails", "unreadable")]
        return self.render(
            request, "persona_run.html", None, _("All personas asked"),
            sentence=_run_in_words(len(found), len(wrong)), number=len(found),
            groups=[
                (_("Not where they belong"), self._linked(wrong)),
                (_("Waiting for a segment to be in force"), self._linked(e for e in found if e.state == "waits")),
                (_("Where they belong"), self._linked(e for e in found if e.state == "holds")),
            ],
            add_url=self.list_url("add") if self.has_add_permission(request) else "",
        )  # fmt: skip

    def _linked(self, found: Any) -> list[Shown]:
        return [Shown(e.row, e.state, e.words, e.lines, self.object_url("change", e.row.pk)) for e in found]

    # -- one persona

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Rows, unless somebody asks for text or rows cannot say it."""
        form = TextForm if self._is_text(request, obj) else RowsForm
        return super().get_form(request, obj, change=change, **{"form": form, **kwargs})

    def get_fieldsets(self, request: HttpRequest, obj: Persona | None = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return [(None, {"fields": ["name", "expects_now", "told"]})]
        story = ["story_text"] if self._is_text(request, obj) else list(PARTS)
        return [
            (None, {"fields": ["name"]}),
            (gettext_lazy("Story"), {"fields": story}),
            (gettext_lazy("What is expected"), {"fields": ["wanted", "unwanted"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Persona | None = None) -> list[str]:
        may_edit = obj is None or self.has_change_permission(request, obj)
        return [] if may_edit else ["expects_now", "told"]

    @admin.display(description=gettext_lazy("expected"))
    def expects_now(self, row: Persona) -> str:
        return _expects(row, build_labels().segments)

    @admin.display(description=gettext_lazy("story"))
    def told(self, row: Persona) -> SafeString:
        return format_html('<pre class="microseg-text">{}</pre>', story_text(row.story))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """An example to begin with, and the segment for which somebody wants a persona."""
        example = EXAMPLES.get(request.GET.get("example", ""))
        initial: dict[str, Any] = {"wanted": request.GET.getlist("in"), "unwanted": request.GET.getlist("not_in")}
        if example is not None:
            initial |= {"name": str(example.name), "story": dict(example.story)}
        return initial

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        found = self.get_object(request, unquote(object_id)) if object_id else None
        own: dict[str, Any] = {}
        if found is not None and self.has_view_or_change_permission(request, found):
            own = {"shown": shown_of([found])[0], "title": found.name, "subtitle": None}
        elif found is None and self.has_add_permission(request):
            own = {"examples": self._examples(request)}
        is_text = self._is_text(request, found)
        own |= {"is_text": is_text, "may_be_rows": found is None or rows_of(found.story) is not None,
                "other_query": self._query(request, is_text=not is_text), "is_yaml": is_yaml()}  # fmt: skip
        return super().changeform_view(request, object_id, form_url, {**own, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Persona, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's own signature
        obj.wanted, obj.unwanted = sorted(form.cleaned_data["wanted"]), sorted(form.cleaned_data["unwanted"])
        super().save_model(request, obj, form, change)

    def _is_text(self, request: HttpRequest, obj: Persona | None) -> bool:
        return request.GET.get("as") == _TEXT or (obj is not None and rows_of(obj.story) is None)

    def _query(self, request: HttpRequest, *, is_text: bool) -> str:
        query = request.GET.copy()
        query.pop("as", None)
        if is_text:
            query["as"] = _TEXT
        return query.urlencode()

    def _examples(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Titles and addresses of the stories to begin with, for whoever may add one."""
        if not self.has_add_permission(request):
            return []
        kept = [(key, value) for key in ("in", "not_in") for value in request.GET.getlist(key)]
        return [
            (str(each.title), f"{self.list_url('add')}?{urlencode([('example', key), *kept])}")
            for key, each in EXAMPLES.items()
        ]


def _expects(row: Persona, names: Any) -> str:
    wanted = ", ".join(str(names.get(slug, slug)) for slug in row.wanted)
    unwanted = ", ".join(str(names.get(slug, slug)) for slug in row.unwanted)
    parts = [_("in %s") % wanted if wanted else "", _("not in %s") % unwanted if unwanted else ""]
    return "; ".join(part for part in parts if part)


def _state(shown: Shown) -> SafeString:
    kind = {"holds": "done", "fails": "failed", "unreadable": "failed"}.get(shown.state, "waiting")
    lines = format_html_join("", ' <span class="microseg-under">{}</span>', ((line,) for line in shown.lines))
    return format_html('<span class="microseg-state is-{}">{}</span>{}', kind, shown.words, lines)


def _run_in_words(number: int, wrong: int) -> str:
    if not number:
        return _("There is no persona yet, so nothing stands guard over your segments.")
    if not wrong:
        one, more = _("The one persona is where it belongs."), _("All %s personas are where they belong.")
        return one if number == 1 else more % number
    text = ngettext(
        "%(wrong)s of %(number)s personas is not where it belongs.",
        "%(wrong)s of %(number)s personas are not where they belong.",
        wrong,
    )
    return text % {"wrong": wrong, "number": number}
