"""The admin of questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from django_microseg import conf
from django_microseg.collect.admin_pages import WithEmptyList
from django_microseg.profile.fact_catalogue import fact_types
from django_microseg.profile.facts import reserved_now

from .models import Question

__all__ = ["QuestionAdmin"]

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Question]
else:  # Django's class takes no type parameter when it runs
    _ModelForm = forms.ModelForm


class QuestionForm(_ModelForm):
    """The facts that can be asked for, to choose from."""

    class Meta:
        model = Question
        fields = ["wording", "help_text", "fact", "choices", "position", "is_live"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = conf.get("FACTS")
        reserved = reserved_now()
        known = [fact for fact in fact_types(own).values() if not fact.derived_from and fact.name not in reserved]
        shown = [(fact.name, f"{fact.name}: {fact.summary}") for fact in sorted(known, key=lambda each: each.name)]
        names = {name for name, _ in shown}
        if self.instance.fact and self.instance.fact not in names:
            shown.append((self.instance.fact, self.instance.fact))
        if "fact" in self.fields:
            help_text = self.fields["fact"].help_text
            self.fields["fact"] = forms.ChoiceField(choices=[("", "---------"), *shown], label=capfirst(_("fact")))
            self.fields["fact"].help_text = help_text


class QuestionAdmin(WithEmptyList):
    """Questions, in the order in which they are asked."""

    form = QuestionForm
    empty_list = _("Visitors are asked nothing yet. A question stands where a template has {% microseg_question %}.")
    list_display = ["wording", "fact", "position", "is_live"]
    list_editable = ["position", "is_live"]
    list_filter = ["is_live"]
    search_fields = ["wording", "fact"]
    ordering = ["position", "pk"]
