"""The admin of offers, and of what was redeemed of them. Saving and deleting publish at once."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from django_microseg.collect.admin_pages import ReadOnly, WithEmptyList
from django_microseg.collect.money import from_minor
from django_microseg.segment import rulebook

from ..admin_words import when_words, who_words
from .admin_form import OfferForm
from .models import Offer, Redemption
from .publish import delete_offers, publish_offers, save_offer

__all__ = ["OfferAdmin", "RedemptionAdmin"]

_STANDING = Q(redemptions__returned_at=None, redemptions__isnull=False)


class OfferAdmin(WithEmptyList):
    """Offers, the newest first."""

    form = OfferForm
    empty_list = gettext_lazy("There is no offer yet, so everybody pays the full price.")
    list_display = ["name", "what", "who", "when", "redeemed", "taken_off"]
    list_filter = ["state", "is_first_order", "kind"]
    search_fields = ["slug", "name", "headline", "code"]
    list_per_page = 100
    fieldsets = [
        (None, {"fields": ["name", "slug"]}),
        (gettext_lazy("What shoppers read"), {"fields": ["headline", "text"]}),
        (
            gettext_lazy("What is taken off"),
            {"fields": ["kind", "percent", "amount", "minimum", "maximum", "stacks"]},
        ),
        (gettext_lazy("Who gets it"), {"fields": ["segments", "match", "is_first_order", "code"]}),
        (gettext_lazy("When"), {"fields": ["state", "priority", "starts_at", "ends_at"]}),
    ]
    actions = ["publish_chosen", "pause_chosen"]

    class Media:
        css = {"all": ["django_microseg/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        """With what was redeemed and not returned; amounts in the offer's own currency."""
        own = _STANDING & Q(redemptions__currency=F("currency"))
        offers: QuerySet[Offer] = super().get_queryset(request)
        return offers.annotate(
            redemption_count=Count("redemptions", filter=_STANDING),
            redeemed_minor=Sum("redemptions__amount_minor", filter=own, default=0),
        )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Offer | None = None) -> dict[str, Any]:
        return {} if obj is not None else {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Offer | None = None) -> list[str]:
        return ["slug"] if obj is not None else []

    # -- columns

    @admin.display(description=gettext_lazy("what"))
    def what(self, offer: Offer) -> str:
        """The figures in words: 10 % off, from 50.00 GBP, 20.00 GBP at most."""
        off = _percent(offer) if offer.kind == Offer.Kind.PERCENT else _money(offer.amount_minor, offer.currency)
        parts = [_("%s off") % off]
        if offer.minimum_minor is not None:
            parts.append(_("from %s") % _money(offer.minimum_minor, offer.currency))
        if offer.maximum_minor is not None:
            parts.append(_("%s at most") % _money(offer.maximum_minor, offer.currency))
        return ", ".join(parts)

    @admin.display(description=gettext_lazy("who gets it"))
    def who(self, offer: Offer) -> str:
        """Whoever has the code; without one whoever its segments fit."""
        words: str = _("whoever has the code %s") % offer.code
        if not offer.code:
            words = who_words(offer.segments, needs_all=offer.match == Offer.Match.ALL)
        return _("%s, for a first order") % words if offer.is_first_order else words

    @admin.display(description=gettext_lazy("given"))
    def when(self, offer: Offer) -> str:
        return when_words(offer, now=timezone.now())

    @admin.display(description=gettext_lazy("redeemed"), ordering="redemption_count")
    def redeemed(self, offer: Any) -> SafeString:
        """How many times, leading to each of them."""
        address = reverse(f"{self.admin_site.name}:django_microseg_redemption_changelist")
        count = number_format(offer.redemption_count, use_l10n=True, force_grouping=True)
        return format_html('<a href="{}?offer__id__exact={}">{}</a>', address, offer.pk, count)

    @admin.display(description=gettext_lazy("taken off"), ordering="redeemed_minor")
    def taken_off(self, offer: Any) -> str:
        return _money(offer.redeemed_minor, offer.currency)

    # -- publishing

    def save_model(self, request: HttpRequest, obj: Offer, form: Any, change: bool) -> None:  # noqa: FBT001
        save_offer(obj, now=timezone.now())
        self._warn_of_forgeable(request, obj)

    def delete_model(self, request: HttpRequest, obj: Offer) -> None:
        delete_offers(Offer.objects.filter(pk=obj.pk), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        delete_offers(Offer.objects.filter(pk__in=list(queryset.values_list("pk", flat=True))), now=timezone.now())

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Redemptions stand in the way of everybody, not for want of a permission."""
        shown, counts, missing, protected = super().get_deleted_objects(objs, request)
        return shown, counts, missing - {Redemption._meta.verbose_name}, protected

    @admin.action(description=gettext_lazy("Give the chosen offers"), permissions=["change"])
    def publish_chosen(self, request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        for offer in queryset:
            try:
                offer.refuse_everybody()
            except ValidationError as error:
                text = _("Nothing was changed, because “%(name)s” is not complete: %(problem)s")
                messages.error(request, text % {"name": offer, "problem": " ".join(error.messages)})
                return
        count = self._set_state(queryset, Offer.State.LIVE)
        messages.success(request, ngettext("%s offer is live.", "%s offers are live.", count) % count)

    @admin.action(description=gettext_lazy("Pause the chosen offers"), permissions=["change"])
    def pause_chosen(self, request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        count = self._set_state(queryset, Offer.State.PAUSED)
        messages.success(request, ngettext("%s offer paused.", "%s offers paused.", count) % count)

    def _set_state(self, queryset: QuerySet[Offer], state: str) -> int:
        count = Offer.objects.filter(pk__in=list(queryset.values_list("pk", flat=True))).update(state=state)
        publish_offers(now=timezone.now())
        return count

    def _warn_of_forgeable(self, request: HttpRequest, offer: Offer) -> None:
        """Anybody can open a campaign's link, so an offer that is given for that alone is said to be one."""
        book = rulebook.current()
        named = [slug for slug in offer.segments if book.live.get(slug) in book.ruleset.momentary]
        if named and not offer.code:
            text = _(
                "%(segments)s looks at the moment: campaign, device, hour. A browser may say what it likes of these, "
                "so anybody who knows how gets this offer once. Give it a most that is taken off, or a code."
            )
            messages.warning(request, text % {"segments": get_text_list([f"“{slug}”" for slug in named], _("and"))})


class RedemptionAdmin(ReadOnly, WithEmptyList):
    """What orders took, the newest first. Nobody is named: the order is."""

    empty_list = gettext_lazy("No order has used an offer yet.")
    list_display = ["order_key", "offer", "taken_off", "redeemed_at", "returned_at"]
    list_filter = ["offer", ("returned_at", admin.EmptyFieldListFilter)]
    list_select_related = ["offer"]
    search_fields = ["order_key"]
    search_help_text = gettext_lazy("The order's number.")
    fields = ["offer", "order_key", "taken_off", "redeemed_at", "returned_at"]
    list_per_page = 100

    class Media:
        css = {"all": ["django_microseg/admin.css"]}

    @admin.display(description=gettext_lazy("taken off"), ordering="amount_minor")
    def taken_off(self, redemption: Redemption) -> str:
        return _money(redemption.amount_minor, redemption.currency)


def _percent(offer: Offer) -> str:
    percent = offer.percent
    assert percent is not None  # a constraint of the table
    return f"{number_format(f'{percent.normalize():f}', use_l10n=True)} %"


def _money(minor: int | None, currency: str) -> str:
    amount = from_minor(minor or 0, currency)
    return f"{number_format(amount, use_l10n=True, force_grouping=True)} {currency}"
