"""The form of an experience: for whom it is, and what they see.

In comes what staff chose and typed, out goes an experience that could be shown; keys of the shop
that name nothing are pointed at. Saving is not done here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from django_microseg.segment.models import Segment

from .admin_keys import KeysField
from .models import Experience
from .offers.models import Offer
from .shop_keys import categories_of_shop, knows_products, unknown_categories, unknown_products
from .slots import CATEGORY_ORDER

__all__ = ["ExperienceForm", "names_of_segments", "offer_choices", "segment_choices"]

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Experience]
else:  # Django's class takes no type parameter when it runs
    _ModelForm = forms.ModelForm


class ExperienceForm(_ModelForm):
    """An experience; its segments are chosen among those of the shop."""

    segments = forms.MultipleChoiceField(
        label=gettext_lazy("Segments"),
        required=False,
        widget=FilteredSelectMultiple(gettext_lazy("segments"), is_stacked=False),
        help_text=gettext_lazy("Who sees it. None: everybody but machines."),
    )
    order_keys = KeysField(
        label=gettext_lazy("What comes first"),
        help_text=gettext_lazy(
            "For an order of things: keys of categories, the first one first. Everything else follows as the shop "
            "has it."
        ),
    )
    product_keys = KeysField(
        label=gettext_lazy("Promoted products"),
        help_text=gettext_lazy("Keys of products. While none of them is in stock, this is shown to nobody."),
    )

    offer = forms.ChoiceField(
        label=gettext_lazy("Offer"),
        required=False,
        help_text=gettext_lazy(
            "What this speaks of. Only whom the offer would be given see it; the template has it as “offer”."
        ),
    )

    class Meta:
        model = Experience
        fields = [
            "name", "slug", "slot", "state", "segments", "match", "kind", "content_html", "template_name",
            "order_keys", "product_keys", "offer", "priority", "starts_at", "ends_at",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "segments" in self.fields:
            field = cast("forms.MultipleChoiceField", self.fields["segments"])
            field.choices = segment_choices(self.instance.segments or [])
        if "offer" in self.fields:
            cast("forms.ChoiceField", self.fields["offer"]).choices = offer_choices(self.instance.offer)
        if "order_keys" in self.fields:
            cast("KeysField", self.fields["order_keys"]).suggest(
                (each.key, each.title) for each in categories_of_shop()
            )

    def clean(self) -> dict[str, Any] | None:
        """Nobody would ever see what names things that the shop does not have, so that is said at once."""
        cleaned = super().clean()
        if self.cleaned_data.get("slot") == CATEGORY_ORDER:  # another slot may order anything
            self._check("order_keys", _refuse_unknown_categories)
        self._check("product_keys", _refuse_unknown_products)
        return cleaned

    def _check(self, field: str, refuse: Callable[[list[str]], None]) -> None:
        try:
            refuse(self.cleaned_data.get(field) or [])
        except ValidationError as error:
            self.add_error(field, error)


def _refuse_unknown_categories(keys: list[str]) -> None:
    unknown = unknown_categories(keys)
    if unknown:
        known = get_text_list([category.key for category in categories_of_shop()], _("and"))
        text = _("The shop has no category “%(key)s”. It has %(known)s.")
        raise ValidationError(text, params={"key": unknown[0], "known": known})


def _refuse_unknown_products(keys: list[str]) -> None:
    if keys and not knows_products():
        raise ValidationError(
            _(
                "Nobody can say whether these are in stock, because the shop's products are not known here. Empty "
                'this, or have the developers name the shop in MICROSEG["SHOP"].'
            )
        )
    unknown = unknown_products(keys)
    if unknown:
        raise ValidationError(
            _("The shop has no product “%(key)s”. Check the key, or take it out."), params={"key": unknown[0]}
        )


def segment_choices(chosen: list[str]) -> list[tuple[str, str]]:
    """Every segment, and what is chosen already even if its segment is gone."""
    return list(({slug: _("%s (gone)") % slug for slug in chosen} | names_of_segments()).items())


def names_of_segments() -> dict[str, str]:
    """The name of each segment by its slug, in alphabetical order; one that is not active says so."""
    rows = Segment.objects.exclude(state=Segment.State.ARCHIVED).order_by("name").values_list("slug", "name", "state")
    return {slug: name if state == Segment.State.ACTIVE else f"{name} ({state})" for slug, name, state in rows}


def offer_choices(chosen: str) -> list[tuple[str, str]]:
    """No offer, every offer, and the one that is chosen already even if it is gone."""
    rows = Offer.objects.order_by("name").values_list("slug", "name", "state")
    known = {slug: name if state == Offer.State.LIVE else f"{name} ({state})" for slug, name, state in rows}
    gone = {chosen: _("%s (gone)") % chosen} if chosen else {}
    return [("", _("none")), *(gone | known).items()]
