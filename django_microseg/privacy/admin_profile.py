"""What the page of a person shows of their rights: consents, everything as a file, and being forgotten.

Export and erasure need permissions of their own and stand in the admin's log, which outlives the person: so without
their name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..collect.in_words import count_in_words
from ..decide.admin_profile import ProfileWithScoresAdmin
from ..profile.models import Identity, Profile
from .count import count_held
from .erase import erase
from .export import export
from .models import ConsentRecord

__all__ = ["PersonAdmin"]

EXPORT, ERASE = "export_person", "erase_person"


@dataclass(frozen=True, slots=True)
class Rights:
    consents: QuerySet[ConsentRecord]
    may_export: bool
    may_erase: bool
    export_url: str
    erase_url: str


class PersonAdmin(ProfileWithScoresAdmin):
    """People, with what they allowed. ``export_person`` hands everything out, ``erase_person`` forgets somebody."""

    pages = {**ProfileWithScoresAdmin.pages, "export": "export", "erase": "erase"}

    class Media:
        css = {"all": ["django_microseg/admin.css", "django_microseg/overview.css"]}

    def panels(self, request: HttpRequest, profile: Profile) -> dict[str, Any]:
        rights = Rights(
            _consents(profile),
            self._may(request, EXPORT),
            self._may(request, ERASE),
            self.object_url("export", profile.pk),
            self.object_url("erase", profile.pk),
        )
        return {**super().panels(request, profile), "rights": rights}

    def export(self, request: HttpRequest, profile: Profile) -> HttpResponse:
        """Everything that is held of the person, as a JSON file."""
        if not self._may(request, EXPORT):
            raise PermissionDenied
        if request.method != "POST":  # it is written down, so it is asked for
            return HttpResponseNotAllowed(["POST"])
        everything = export(profile)
        rows = sum(len(rows) for rows in everything["tables"].values())
        self.log_change(request, profile, f"everything held of this person handed out, {rows} rows")
        answer = HttpResponse(
            json.dumps(everything, cls=DjangoJSONEncoder, indent=2), content_type="application/json"
        )  # fmt: skip
        answer["Content-Disposition"] = f'attachment; filename="person-{profile.pk}.json"'
        return answer

    def erase(self, request: HttpRequest, profile: Profile) -> HttpResponse:
        """Say in numbers what will be lost, and do it when that is confirmed."""
        if not self._may(request, ERASE):
            raise PermissionDenied
        if request.method == "POST" and request.POST.get("sure") == "yes":
            return self._erase(request, profile)
        held = count_held(profile)
        lost = [(each.name, count_in_words(each.number)) for each in held if not each.stays]
        number = sum(each.number for each in held if not each.stays)
        text = ngettext(
            "%(number)s row about “%(who)s” will be lost.", "%(number)s rows about “%(who)s” will be lost.", number
        )
        return self.render(
            request, "erase.html", profile, _("Erase this person?"), lost=lost,
            kept=[(each.name, count_in_words(each.number)) for each in held if each.stays],
            sentence=text % {"number": count_in_words(number), "who": profile},
        )  # fmt: skip

    def _erase(self, request: HttpRequest, profile: Profile) -> HttpResponse:
        words = [line.strip() for line in request.POST.get("words", "").splitlines()]
        pk = profile.pk
        number = sum(erase(profile, now=timezone.now(), words=words).values())
        self.log_erasure(request, pk, number)
        text = ngettext(
            "%s row is gone. The person is forgotten.", "%s rows are gone. The person is forgotten.", number
        )
        messages.success(request, text % count_in_words(number))
        return HttpResponseRedirect(self.changelist_url())

    def _may(self, request: HttpRequest, permission: str) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.{permission}")


def _consents(profile: Profile) -> QuerySet[ConsentRecord]:
    """Those of every visitor id that leads to the person, the latest first."""
    ids = Identity.objects.filter(profile=profile, kind=Identity.Kind.VISITOR).values("value")
    return ConsentRecord.objects.filter(visitor_key__in=ids).order_by("-given_at", "-pk")
