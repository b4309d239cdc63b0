"""Where segments are filed, in the admin: fields of the form, filters of the list, and actions on chosen ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .admin_list import SegmentList, directory_of
from .directory import has_tag, lies_in
from .filing import LONGEST_FOLDER, stored_tags, tags_in_words, tags_of
from .models import Segment
from .particulars import checked_folder, checked_tags

__all__ = ["FILING_WIDGETS", "FilingForm", "FilingPages"]

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Segment]
else:  # Django's class takes no type parameter when it runs
    _ModelForm = forms.ModelForm

#: How many folders are suggested at most: a page stays small however many there are.
_MOST = 100
_LIST = "microseg-folders"

FILING_WIDGETS = {
    "folder": forms.TextInput(attrs={"class": "vTextField", "list": _LIST}),
    "tags": forms.TextInput(attrs={"class": "vTextField"}),
}


class FilingForm(_ModelForm):
    """The part of a segment's form that says where it is filed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "folder" in self.fields:
            self.fields["folder"].help_text = gettext_lazy("a path, such as: Retention / Win back")
        if "tags" in self.fields:
            self.fields["tags"].help_text = gettext_lazy("words between commas, such as: summer, newsletter")
            self.initial["tags"] = tags_in_words(self.initial.get("tags", ""))

    def clean_folder(self) -> str:
        return checked_folder(self.cleaned_data["folder"])

    def clean_tags(self) -> str:
        return checked_tags(self.cleaned_data["tags"])


# -- filters


class _FilingFilter(SimpleListFilter):
    """Folders or tags with how many segments each has. All of them stand in one box that scrolls."""

    template = "django_microseg/admin/_filter.html"

    def _counts(self, request: HttpRequest) -> Mapping[str, int]:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        self._known = self._counts(request)
        return [(name, name) for name in self._known]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice, name in zip(super().choices(changelist), ["", *self._known], strict=True):
            *above, last = name.split(" / ")
            depth = min(len(above), 3)
            shown = {"display": last, "depth": depth, "number": self._known[name]} if name else {}
            yield {**choice, **shown}


class FolderFilter(_FilingFilter):
    title = gettext_lazy("folder")
    parameter_name = "folder"

    def _counts(self, request: HttpRequest) -> Mapping[str, int]:
        return directory_of(request).folders

    def queryset(self, request: HttpRequest, queryset: QuerySet[Segment]) -> QuerySet[Segment]:
        """What lies in it, or in a folder below it."""
        folder = self.value()
        return queryset.filter(lies_in(folder)) if folder else queryset


class TagFilter(_FilingFilter):
    title = gettext_lazy("tag")
    parameter_name = "tag"

    def _counts(self, request: HttpRequest) -> Mapping[str, int]:
        return directory_of(request).tags

    def queryset(self, request: HttpRequest, queryset: QuerySet[Segment]) -> QuerySet[Segment]:
        tag = self.value()
        return queryset.filter(has_tag(tag)) if tag else queryset


# -- actions


class FilingPages(SegmentList):
    """Adds filters by folder and tag, and actions that put chosen segments in a folder or tag them."""

    list_filter = [FolderFilter, TagFilter, *SegmentList.list_filter]
    filing_actions = ["put_in_folder", "add_tags", "take_tags"]
    pages: dict[str, str] = {}

    @admin.action(description=gettext_lazy("Put the chosen segments in a folder"), permissions=["change"])
    def put_in_folder(self, request: HttpRequest, queryset: QuerySet[Segment]) -> HttpResponse | None:
        ask = _("Folder; leave it empty to take them out of theirs")
        return self._file(
            request, queryset, "put_in_folder", ask, lambda segment, said: {"folder": checked_folder(said)}
        )

    @admin.action(description=gettext_lazy("Add tags to the chosen segments"), permissions=["change"])
    def add_tags(self, request: HttpRequest, queryset: QuerySet[Segment]) -> HttpResponse | None:
        ask = _("Tags, between commas")
        return self._file(
            request, queryset, "add_tags", ask, lambda segment, said: {"tags": checked_tags(segment.tags, said)}
        )

    @admin.action(description=gettext_lazy("Take tags from the chosen segments"), permissions=["change"])
    def take_tags(self, request: HttpRequest, queryset: QuerySet[Segment]) -> HttpResponse | None:
        ask = _("Tags, between commas")
        return self._file(
            request, queryset, "take_tags", ask,
            lambda segment, said: {"tags": stored_tags(set(tags_of(segment.tags)) - set(tags_of(said)))},
        )  # fmt: skip

    def _file(
        self, request: HttpRequest, queryset: QuerySet[Segment], action: str, ask: str,
        change: Callable[[Segment, str], dict[str, str]],
    ) -> HttpResponse | None:  # fmt: skip
        """Asks for the text on a page of its own, then writes it to all of them at once."""
        chosen = list(
            Segment.objects.filter(pk__in=queryset.order_by().values("pk"), managed_by="").only("folder", "tags")
        )
        said = request.POST.get("filing", "").strip()
        if "filing" not in request.POST:
            return self._ask(request, chosen, action, ask, "")
        try:
            if len(said) > LONGEST_FOLDER:
                raise ValidationError(_("This is too long."))
            for segment in chosen:
                for field, value in change(segment, said).items():
                    setattr(segment, field, value)
        except ValidationError as error:
            return self._ask(request, chosen, action, ask, " ".join(error.messages))
        Segment.objects.bulk_update(chosen, ["folder", "tags"], batch_size=500)
        words = ngettext("%s segment filed anew.", "%s segments filed anew.", len(chosen))
        messages.success(request, words % len(chosen))
        left = queryset.exclude(managed_by="").count()
        if left:
            words = ngettext("%s belongs to a file and stays.", "%s belong to a file and stay.", left)
            messages.warning(request, words % left)
        return None

    def _ask(self, request: HttpRequest, chosen: list[Segment], action: str, ask: str, error: str) -> HttpResponse:
        title = ngettext("File %s segment", "File %s segments", len(chosen)) % len(chosen)
        directory = directory_of(request)
        known = directory.folders if action == "put_in_folder" else directory.tags
        return self.render(
            request, "filing.html", None, title, chosen=chosen, action=action, ask=ask, error=error,
            said=request.POST.get("filing", ""), known=list(known)[:_MOST], checkbox=ACTION_CHECKBOX_NAME,
        )  # fmt: skip

    def form_context(self, request: HttpRequest, obj: Segment | None) -> dict[str, Any]:
        """With the folders that there are, as suggestions."""
        return {**super().form_context(request, obj), "folders": list(directory_of(request).folders)[:_MOST]}
