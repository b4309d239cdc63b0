"""The form of the last step: where, for how long, and what they see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..slots import OWN_TEMPLATES

__all__ = ["StartForm"]

_OTHER = ""


class StartForm(forms.Form):
    """One experience in the making."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    slot = forms.ChoiceField(label=gettext_lazy("Slot"), required=False)
    other_slot = forms.CharField(
        label=gettext_lazy("or another slot"),
        required=False,
        max_length=64,
        validators=[validate_slug],
        help_text=gettext_lazy('One that the developers will put into a template: {% slot "home-hero" %}'),
    )
    content_html = forms.CharField(
        label=gettext_lazy("What they see"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=gettext_lazy("HTML. It is a draft: you can see how it looks before anybody else does."),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Until the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: without an end."),
    )

    def __init__(self, *args: Any, slots: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["slot"])
        field.choices = [*((slot, slot) for slot in slots), (_OTHER, _("another one, named below"))]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        slot = given.get("slot") or given.get("other_slot")
        if not slot and not self.errors:
            self.add_error("other_slot", _("Choose a slot, or name one: it is the place on the page."))
        if slot and slot not in OWN_TEMPLATES and not given.get("content_html"):
            self.add_error("content_html", _("Say what they see there."))
        starts, ends = given.get("starts_on"), given.get("ends_on")
        if isinstance(starts, dt.date) and isinstance(ends, dt.date) and ends < starts:
            self.add_error("ends_on", _("It ends before it begins."))
        return {**given, "slot": slot}
