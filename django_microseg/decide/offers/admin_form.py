"""The form of an offer: amounts as people write them, and whatever is wrong said at its field.

In comes what staff typed, out goes an offer in minor units and hundredths of a percent. Saving is
not done here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from django_microseg.collect.money import MAX_MINOR, from_minor, minor_exponent, to_minor

from ..admin_form import segment_choices
from .models import Offer

__all__ = ["OfferForm"]

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Offer]
else:  # Django's class takes no type parameter when it runs
    _ModelForm = forms.ModelForm

_AMOUNTS = ("amount", "minimum", "maximum")
_VALUES = ("percent", *_AMOUNTS)


class OfferForm(_ModelForm):
    """An offer, with its figures as Decimals in the offer's currency."""

    percent = forms.DecimalField(
        label=gettext_lazy("Per cent off"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        decimal_places=2,
        help_text=gettext_lazy("such as 10 or 12.5"),
    )
    amount = forms.DecimalField(label=gettext_lazy("Amount off"), required=False)
    minimum = forms.DecimalField(
        label=gettext_lazy("Least that goods cost"),
        required=False,
        help_text=gettext_lazy("Below it nothing is taken off. Empty: from the first penny on."),
    )
    maximum = forms.DecimalField(
        label=gettext_lazy("Most that is taken off"),
        required=False,
        help_text=gettext_lazy("Empty: never more than the goods cost."),
    )
    segments = forms.MultipleChoiceField(
        label=gettext_lazy("Segments"),
        required=False,
        widget=FilteredSelectMultiple(gettext_lazy("segments"), is_stacked=False),
        help_text=gettext_lazy("Who gets it by itself; with a code, who is shown it."),
    )

    class Meta:
        model = Offer
        fields = [
            "name", "slug", "headline", "text", "kind", "percent", "amount", "minimum", "maximum", "segments", "match",
            "is_first_order", "code", "stacks", "state", "priority", "starts_at", "ends_at",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _VALUES:
            if name in self.fields:
                self.initial.setdefault(name, getattr(self.instance, name))
        for name in _AMOUNTS:
            if name in self.fields:
                self._in_currency(cast("forms.DecimalField", self.fields[name]))
        if "segments" in self.fields:
            field = cast("forms.MultipleChoiceField", self.fields["segments"])
            field.choices = segment_choices(self.instance.segments or [])

    def _in_currency(self, field: forms.DecimalField) -> None:
        currency = self.instance.currency
        field.label = f"{field.label} ({currency})"
        field.widget.attrs["step"] = str(from_minor(1, currency))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in _AMOUNTS:
            self._refuse_odd_amount(name)
        is_percent = self.cleaned_data.get("kind") == Offer.Kind.PERCENT
        wanted, other = ("percent", "amount") if is_percent else ("amount", "percent")
        if self.cleaned_data.get(wanted) is None and wanted not in self.errors:
            self.add_error(wanted, _("Say how much is taken off."))
        if self.cleaned_data.get(other) is not None:
            self.add_error(other, _("Empty this, or choose the other kind: an offer takes off one or the other."))
        return cleaned

    def _post_clean(self) -> None:
        """Django builds the offer here, and judges it as a whole."""
        given = self.cleaned_data
        percent = given.get("percent")
        self.instance.percent_hundredths = None if percent is None else int(percent.scaleb(2))
        for name in _AMOUNTS:
            amount = given.get(name)
            minor = None if amount is None else to_minor(amount, self.instance.currency)
            setattr(self.instance, f"{name}_minor", minor)
        super()._post_clean()  # type: ignore[misc]

    def _refuse_odd_amount(self, name: str) -> None:
        amount, currency = self.cleaned_data.get(name), self.instance.currency
        if amount is None:
            return
        decimals = minor_exponent(currency)
        minor = amount.scaleb(decimals)
        if not 0 < minor <= MAX_MINOR:
            self.add_error(name, _("Give an amount above 0 that somebody could pay, or leave it empty."))
        elif minor != minor.to_integral_value():
            text = ngettext("%(currency)s has %(n)d decimal.", "%(currency)s has %(n)d decimals.", decimals)
            self.add_error(name, text % {"currency": currency, "n": decimals})
