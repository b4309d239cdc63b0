"""The form of a segment: its rule is typed as text, and what is wrong with it is pointed at.

In comes text, out goes a rule in JSON form that this shop can evaluate. Saving is not done here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .admin_filing import FILING_WIDGETS, FilingForm
from .admin_schedule import ShopTimeField
from .frozen import is_frozen
from .json_form import to_json
from .judged import Fault, FaultyRule, read_rule
from .models import Segment
from .particulars import check_end, staff_names
from .uses import Use, in_use
from .versions import newest_version
from .written import rule_text

__all__ = ["SegmentForm", "edit_url"]

_MOST_ERRORS = 10
_RULE_ATTRIBUTES = {"rows": 6, "class": "microseg-rule", "spellcheck": "false", "autocapitalize": "off"}
#: What staff choose among; an archived segment is brought back by choosing one of these.
_STATES = [
    (Segment.State.DRAFT, gettext_lazy("draft: nobody is in it yet")),
    (Segment.State.ACTIVE, gettext_lazy("active: this rule is in force")),
    (Segment.State.PAUSED, gettext_lazy("paused: nobody is in it until it is active again")),
    (Segment.State.ARCHIVED, gettext_lazy("archived: paused for good, kept for its history")),
]


class SegmentForm(FilingForm):
    """Name, rule and state of a segment."""

    rule_text = forms.CharField(
        label=gettext_lazy("Rule"),
        widget=forms.Textarea(attrs=_RULE_ATTRIBUTES),
        help_text=gettext_lazy('such as: count("order_completed", days=180) >= 5 and 28 <= age <= 32'),
        strip=True,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("why the rule changes; it stands in the history"),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=_STATES, widget=forms.RadioSelect)

    owner = forms.ChoiceField(
        label=gettext_lazy("Owner"), required=False, help_text=gettext_lazy("the member of staff who answers for it")
    )

    in_force_from = ShopTimeField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("in the shop's time: the draft goes live then by itself"),
    )
    in_force_until = ShopTimeField(
        label=gettext_lazy("In force until"),
        help_text=gettext_lazy("in the shop's time: it is paused then by itself"),
    )

    class Meta:
        model = Segment
        fields = [
            "name", "slug", "description", "folder", "tags", "state", "in_force_from", "in_force_until", "owner",
            "purpose",
        ]  # fmt: skip
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "purpose": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            **FILING_WIDGETS,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.newest = newest_version(self.instance)
        #: The rule as JSON, once the form is valid.
        self.rule: dict[str, Any] = {}
        if "owner" in self.fields:
            cast("forms.ChoiceField", self.fields["owner"]).choices = _owners(self.instance.owner)
        if is_frozen(self.newest):  # its rule is not for editing: the page says what it is
            for name in ("rule_text", "note"):
                self.fields.pop(name, None)
        if "rule_text" in self.fields and self.newest is not None:
            self.fields["rule_text"].initial = rule_text(self.newest.rule)

    @property
    def is_rule_changed(self) -> bool:
        """Whether the text stands for another rule than the newest version does."""
        if "rule_text" not in self.fields:
            return False
        return self.newest is None or self.rule != self.newest.rule

    def clean_state(self) -> str:
        """What something goes by is not archived; each use is named with the way to it."""
        state: str = self.cleaned_data["state"]
        if state == Segment.State.ARCHIVED and self.instance.pk and self.initial.get("state") != state:
            uses = in_use(self.instance, now=timezone.now())
            if uses:
                raise ValidationError(_in_use_in_words(uses))
        return state

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        start, end = (self.cleaned_data.get(name) for name in ("in_force_from", "in_force_until"))
        if end and "in_force_until" in self.changed_data:
            try:
                check_end(end, start, now=timezone.now())
            except ValidationError as error:
                self.add_error("in_force_until", error)
        return cleaned

    def clean_rule_text(self) -> str:
        text: str = self.cleaned_data["rule_text"]
        try:
            rule = read_rule(text, slug=self.cleaned_data.get("slug") or self.instance.slug)
        except FaultyRule as error:
            raise ValidationError([_pointing(fault) for fault in error.faults[:_MOST_ERRORS]]) from None
        self.rule = to_json(rule)
        return text


def _owners(present: str) -> list[tuple[str, str]]:
    """Nobody, the staff by user name, and whoever it is now, even if they have gone."""
    staff = {name: name for name in staff_names()}
    gone = {present: _("%s (not on the staff)") % present} if present else {}
    return [("", _("nobody yet")), *(gone | staff).items()]


def _in_use_in_words(uses: Sequence[Use]) -> SafeString:
    links = [(each.kind, edit_url(each.row), each.name, each.where or each.state) for each in uses]
    return format_html(
        "{}<ul>{}</ul>",
        _("It is not archived, because this goes by it. Take the segment out there first, or end what uses it."),
        format_html_join("", '<li>{} <a href="{}">{}</a> ({})</li>', links),
    )


def edit_url(row: Model) -> str:
    """Where something is edited in the admin."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _pointing(fault: Fault) -> ValidationError:
    """The message, and the place in the text with carets below it, where it has one. All of it is escaped."""
    if not fault.excerpt:
        return ValidationError(fault.full_message)
    return ValidationError(
        format_html('{}<pre class="microseg-error">{}</pre>', fault.message_with_place, fault.excerpt)
    )
