"""The gallery in the admin: ready-made segments and packs by trade, each with its size on the shop's own data.

Chosen ones are added and put in force; any can be opened as the form of a new segment, with its numbers filled in.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .admin_filing import FilingPages
from .admin_gallery import Card, cards_of, pack_of, tabs_of
from .admin_list import directory_of
from .admin_words import count_in_words
from .approval import is_wanted
from .counting import count_rules
from .install import install_presets
from .launch import PATIENCE_SECONDS
from .models import Segment
from .own_words import own_words
from .presets import PRESETS
from .vocabulary import build_labels

__all__ = ["PresetPages"]


class PresetPages(FilingPages):
    """Adds the gallery below the list."""

    list_pages = {**FilingPages.list_pages, "presets": "presets"}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        own = {
            "presets_url": self.list_url("presets"),
            "preset_slugs": list(PRESETS),
            "may_add_presets": self.may_add_presets(request),
        }
        return super().changelist_view(request, {**own, **(extra_context or {})})

    def may_add_presets(self, request: HttpRequest) -> bool:
        """They are added and put in force at once."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def presets(self, request: HttpRequest) -> HttpResponse:
        """One pack; a POST adds the chosen ones, opens one as a form, or counts anew with other numbers."""
        pack = pack_of(request.GET.get("pack", ""))
        cards = cards_of(pack, request.POST, build_labels(directory_of(request).names))
        if request.method == "POST" and "edit" in request.POST:
            return self._edit(request, cards)
        if request.method == "POST" and "count" not in request.POST:
            return self._add(request, pack.slug, cards)
        counts = count_rules({card.slug: card.rule for card in cards if card.rule is not None}, now=timezone.now())
        for card in cards:
            card.say_size(counts)
        return self.render(
            request, "presets.html", None, _("Ready-made segments"), pack=pack, tabs=tabs_of(pack),
            cards=cards, words=own_words() if any(card.preset.is_own for card in cards) else None,
            some_missing=any(card.segment is None for card in cards), may_add=self.may_add_presets(request),
            may_edit=self.has_add_permission(request), people=count_in_words(counts.people),
            asked=count_in_words(counts.asked) if counts.is_estimate else "",
            needs_approval=is_wanted(),
        )  # fmt: skip

    def _edit(self, request: HttpRequest, cards: list[Card]) -> HttpResponse:
        """The form of a new segment, with the rule as it was adjusted here."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        card = next((card for card in cards if card.slug == request.POST["edit"]), None)
        if card is None or card.error:
            messages.warning(request, card.error if card else _("There is no such segment here."))
            return HttpResponseRedirect(request.get_full_path())
        preset, taken = card.preset, directory_of(request).names
        slug = next(slug for slug in (card.slug, *(f"{card.slug}-{n}" for n in range(2, len(taken) + 3)))
                    if slug not in taken)  # fmt: skip
        filled = {"name": preset.name, "slug": slug, "description": preset.description, "rule_text": card.text}
        return HttpResponseRedirect(f"{self.list_url('add')}?{urlencode(filled)}")

    def _add(self, request: HttpRequest, pack: str, cards: list[Card]) -> HttpResponse:
        if not self.may_add_presets(request):
            raise PermissionDenied
        asked = set(request.POST.getlist("preset"))
        chosen = {card.slug: card for card in cards if card.slug in asked}
        back = f"{self.list_url('presets')}?pack={pack}" if pack else self.list_url("presets")
        if not chosen:
            messages.warning(request, _("Nothing was added: no segment was chosen. Tick those that you want."))
            return HttpResponseRedirect(back)
        wrong = [f"{card.preset.name}: {card.error}" for card in chosen.values() if card.error]
        if wrong:
            messages.error(request, " ".join([_("Nothing was added."), *wrong]))
            return HttpResponseRedirect(back)
        parameters = {slug: card.values for slug, card in chosen.items()}
        goes_live = not is_wanted()
        author = request.user.get_username()
        done = install_presets(
            list(chosen), parameters=parameters, goes_live=goes_live, author=author, now=timezone.now(),
            seconds=PATIENCE_SECONDS,
        )  # fmt: skip
        self._note(request, [each.slug for each in done if each.outcome in ("new", "changed")], goes_live=goes_live)
        return HttpResponseRedirect(self.changelist_url())

    def _note(self, request: HttpRequest, added: list[str], *, goes_live: bool) -> None:
        rows = list(Segment.objects.filter(slug__in=added))
        for segment in rows:
            self.log_addition(request, segment, "ready-made")
        if goes_live and any(segment.state != Segment.State.ACTIVE for segment in rows):
            words = ngettext(
                "%s segment added. Sweeps look at all people for it; then it is in force.",
                "%s segments added. Sweeps look at all people for them; then they are in force.",
                len(added),
            )
        elif goes_live:
            words = ngettext("%s segment added and put in force.", "%s segments added and put in force.", len(added))
        else:
            words = ngettext(
                "%s segment added as a draft, which waits for approval.",
                "%s segments added as drafts, which wait for approval.",
                len(added),
            )
        messages.success(request, words % len(added))
