"""Imports in the admin: upload a file, say what its columns mean, try it out, import it, and see what was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ...collect.admin_pages import ObjectPages, WithEmptyList
from ...collect.importing import areas, customers, events, orders
from ...collect.importing.error_file import read_errors
from ...collect.importing.errors import ImportStopped
from ..admin_words import count_in_words
from ..import_file import known_names
from .models import Upload
from .work import Column, guess_map, read_columns, run_upload

__all__ = ["UploadAdmin"]

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Upload]
else:  # Django's class takes no type parameter when it runs
    _ModelForm = forms.ModelForm

_MOST_BYTES = 5_000_000
_ENDINGS = (".csv", ".tsv", ".txt")
_SHOWN_ERRORS = 50


class UploadForm(_ModelForm):
    """The file, and what it is."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV with the names of the columns in its first row, up to 5 MB. For larger ones there is the command "
            "microseg_import."
        ),
    )

    class Meta:
        model = Upload
        fields = ["file", "kind", "source", "encoding", "time_format"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(_ENDINGS):
            raise forms.ValidationError(_("This is no CSV file by its name: it ends in .csv, .tsv or .txt."))
        if file.size > _MOST_BYTES:
            raise forms.ValidationError(_("The file has more than 5 MB. Import it with the command microseg_import."))
        return file

    def clean_source(self) -> str:
        source = str(self.cleaned_data["source"]).strip()
        if not source.isascii() or not source.isprintable() or source.startswith("browser"):
            raise forms.ValidationError(_("Write a short word of plain letters, other than browser."))
        return source

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            self.instance.name = given["file"].name[-200:]
            self.instance.content = given["file"].read()
            self.instance.uploaded_at = timezone.now()
            for name in ("kind", "source", "encoding"):
                setattr(self.instance, name, given[name])
            self._look_inside()
        return given

    def _look_inside(self) -> None:
        try:
            columns = read_columns(self.instance)
        except ImportStopped:
            text = _("The file cannot be read as CSV. Perhaps its encoding is another one.")
            raise forms.ValidationError({"file": text}) from None
        self.instance.mapping = guess_map([column.name for column in columns], self.instance.kind)


class UploadAdmin(WithEmptyList, ObjectPages):
    """Files that were uploaded, the newest first. ``add_upload`` uploads and imports."""

    form = UploadForm
    empty_list = gettext_lazy("Nothing was imported here yet. Customers, orders and events of the past come in as CSV.")
    list_display = ["name", "kind", "source", "uploaded_at", "uploaded_by", "state"]
    list_filter = ["kind"]
    ordering = ["-uploaded_at", "-pk"]
    pages = {"errors": "refused_rows"}

    class Media:
        css = {"all": ["django_microseg/admin.css"]}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may upload a file may map and import it."""
        return self.has_add_permission(request)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content", "errors")

    @admin.display(description=gettext_lazy("state"))
    def state(self, upload: Upload) -> str:
        return _("imported") if upload.finished_at else _("tried out") if upload.report else _("not imported yet")

    def save_model(self, request: HttpRequest, obj: Upload, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's own signature
        obj.uploaded_by = request.user.get_username()
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Upload, post_url_continue: str | None = None) -> HttpResponse:
        """On to the columns, and no word of success yet."""
        return HttpResponseRedirect(self._address(obj))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, found):
            raise PermissionDenied
        if found is None:
            return self._gone(request, object_id)
        if request.method == "POST":
            if not self.has_change_permission(request, found):
                raise PermissionDenied
            self._work(request, found)
            return HttpResponseRedirect(self._address(found))
        return self._page(request, found)

    def refused_rows(self, request: HttpRequest, upload: Upload) -> HttpResponse:
        """The rows refused, as a file to mend and upload again."""
        answer = HttpResponse(upload.errors, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="refused-{upload.pk}.csv"'
        return answer

    def _address(self, upload: Upload) -> str:
        return self.object_url("change", upload.pk)

    def _work(self, request: HttpRequest, upload: Upload) -> None:
        """Note what the columns mean, and try out or import."""
        is_dry_run = request.POST.get("task") != "import"
        try:
            columns = read_columns(upload)
            upload.mapping = _posted_map(request.POST, columns)
            upload.save(update_fields=["mapping"])
            _check_whose(upload)
            report = run_upload(upload, is_dry_run=is_dry_run, now=timezone.now())
        except ImportStopped as error:
            messages.error(request, str(error))
            return
        if not is_dry_run:
            self.log_change(request, upload, f"imported: {report.total} rows, {report.errors} refused")
            messages.success(request, _("The file is imported. Segments follow with the next sweep."))

    def _page(self, request: HttpRequest, upload: Upload) -> HttpResponse:
        columns: tuple[Column, ...] = ()
        problem = ""
        if upload.content is not None:
            try:
                columns = read_columns(upload)
            except ImportStopped as error:
                problem = str(error)
        report = upload.report or {}
        errors = read_errors(upload.errors)
        return self.render(
            request, "upload.html", upload, str(upload),
            columns=_mapped(upload, columns), names=_choices(upload.kind), problem=problem, upload=upload,
            sentence=_sentence(report), counts=_counts(report, upload.kind), errors=errors[:_SHOWN_ERRORS],
            has_more_errors=len(errors) > _SHOWN_ERRORS, errors_url=self.object_url("refused_rows", upload.pk),
            may_import=self.has_change_permission(request, upload),
        )  # fmt: skip


def _posted_map(posted: Mapping[str, Any], columns: tuple[Column, ...]) -> dict[str, str]:
    """Our names to the file's, as chosen. Raises `ImportStopped` if one was chosen twice."""
    mapping: dict[str, str] = {}
    for place, column in enumerate(columns):
        name = str(posted.get(f"column-{place}", ""))
        if name in mapping:
            text = _("Two columns are %(name)s: “%(one)s” and “%(other)s”. Leave one out.")
            raise ImportStopped(text % {"name": name, "one": mapping[name], "other": column.name})
        if name:
            mapping[name] = column.name
    return mapping


def _check_whose(upload: Upload) -> None:
    """Raises `ImportStopped` while something is missing without which no row means anything."""
    wanted: dict[str, list[Sequence[str]]] = {
        Upload.Kind.AREAS: [areas.NEEDED],
        Upload.Kind.CUSTOMERS: [customers.NEEDED],
        Upload.Kind.ORDERS: [*([name] for name in orders.NEEDED), orders.WHOSE],
        Upload.Kind.EVENTS: [*([name] for name in events.NEEDED), events.WHOSE],
    }
    for names in wanted[upload.kind]:
        if not set(names) & set(upload.mapping):
            text = _("Say which column is %s: without it nothing can be imported.")
            raise ImportStopped(text % _(" or ").join(names))


def _choices(kind: str) -> list[str]:
    return sorted(known_names(kind))


def _mapped(upload: Upload, columns: tuple[Column, ...]) -> list[tuple[Column, str]]:
    meaning = {column: name for name, column in upload.mapping.items()}
    return [(column, meaning.get(column.name, "")) for column in columns]


def _sentence(report: Mapping[str, Any]) -> str:
    """What the last run found, first of all."""
    if not report:
        return ""
    total, errors = report["lines"]["total"], report["errors"]
    if report["dry_run"]:
        one = "Tried out: %(rows)s row, %(errors)s refused. Nothing was written."
        text = ngettext(one, "Tried out: %(rows)s rows, %(errors)s refused. Nothing was written.", total)
    else:
        one = "Imported: %(rows)s row, %(errors)s refused."
        text = ngettext(one, "Imported: %(rows)s rows, %(errors)s refused.", total)
    return text % {"rows": count_in_words(total), "errors": count_in_words(errors)}


def _counts(report: Mapping[str, Any], kind: str) -> list[tuple[str, str, str]]:
    """Each class of rows that occurred, with what it means."""
    formats: Mapping[str, Mapping[str, str]] = {
        Upload.Kind.AREAS: areas.Areas.classes,
        Upload.Kind.CUSTOMERS: customers.Customers.classes,
        Upload.Kind.ORDERS: orders.Orders.classes,
        Upload.Kind.EVENTS: events.Events.classes,
    }
    words = formats[kind]
    lines = report.get("lines", {})
    return [
        (capfirst(name.replace("_", " ")), count_in_words(number), words.get(name, ""))
        for name, number in lines.items()
        if number and name != "total"
    ]
