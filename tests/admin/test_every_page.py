"""Every address of our admin: what it takes to be let in, and that without it nobody is, whatever else they may."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import URLPattern, URLResolver
from django.utils import timezone

from django_microseg.collect.counts import COUNTS
from django_microseg.collect.models import CurrencyRate, QuarantinedEvent
from django_microseg.profile.models import Merge
from django_microseg.segment.full_run import start_full_refresh
from django_microseg.segment.models import Segment
from django_microseg.segment.uploads.models import Upload
from tests.admin.test_permissions import ROOT, addresses

__all__ = ["addresses"]

pytestmark = pytest.mark.django_db

WRITE = "add_segment or change_segment"
SEE = "view_segment or change_segment"
RUNS = "view_refreshrun or add_refreshrun or change_refreshrun"
PEOPLE = "view_profile or change_profile"
#: By the name of the address: how it is asked, and what it takes; of each string one is enough.
OWN: dict[str, tuple[str, str, list[str]]] = {
    "overview_changelist": ("get", "overview/", [SEE]),
    "overview_dismiss": ("post", "overview/dismiss/", ["change_segment"]),
    "segment_presets": ("get", "segment/presets/", [SEE]),
    "segment_overlap": ("get", "segment/overlap/", [SEE]),
    "segment_look": ("get", "segment/look/", [SEE]),
    "segment_preview": ("post", "segment/preview/", [SEE, WRITE]),
    "segment_preview_segments": ("get", "segment/preview-segments/", [SEE, WRITE]),
    "segment_builder": ("get", "segment/builder/", [SEE, WRITE]),
    "segment_builder_rule": ("post", "segment/builder-rule/", [SEE, WRITE]),
    "segment_builder_values": ("get", "segment/builder-values/", [SEE, WRITE]),
    "segment_both": ("get", "segment/{segment}/and/{other}/", [SEE]),
    "segment_difference": ("get", "segment/{segment}/difference/", [SEE]),
    "segment_bring_back": ("post", "segment/{segment}/bring-back/", ["change_segment"]),
    "segment_freeze": ("post", "segment/{segment}/freeze/", ["change_segment"]),
    "segment_unfreeze": ("post", "segment/{segment}/unfreeze/", ["change_segment"]),
    "segment_members": ("get", "segment/{segment}/members/", [SEE]),
    "segment_why": ("get", "segment/{segment}/why/", [SEE, PEOPLE]),
    "segment_export": ("post", "segment/{segment}/export/", [SEE, PEOPLE]),
    "segment_portrait": ("get", "segment/{segment}/profile/", [SEE]),
    "segment_flow": ("get", "segment/{segment}/flow/", [SEE]),
    "segment_as_of": ("get", "segment/{segment}/as-of/", [SEE]),
    "persona_run": ("get", "persona/run/", ["view_persona or change_persona"]),
    "refreshrun_start": ("get", "refreshrun/start/", ["add_refreshrun"]),
    "refreshrun_work": ("post", "refreshrun/{run}/work/", ["add_refreshrun"]),
    "refreshrun_progress": ("get", "refreshrun/{run}/progress/", [RUNS]),
    "refreshrun_cancel": ("post", "refreshrun/{run}/cancel/", ["add_refreshrun"]),
    "refreshrun_retry": ("post", "refreshrun/{run}/retry/", ["add_refreshrun"]),
    "experience_preview": ("post", "experience/preview/", ["add_experience"]),
    "experience_start": ("get", "experience/start/", ["add_experience"]),
    "experience_switch": ("get", "experience/switch/", ["stop_personalisation"]),
    "profile_explain": ("get", "profile/{profile}/explain/buyers/", [PEOPLE]),
    "profile_unmerge": ("post", "profile/{profile}/unmerge/{merge}/", ["change_profile"]),
    "profile_timeline": ("get", "profile/{profile}/timeline/", [PEOPLE]),
    "profile_figures": ("get", "profile/{profile}/figures/", [PEOPLE]),
    "profile_export": ("post", "profile/{profile}/export/", [PEOPLE, "export_person"]),
    "profile_erase": ("get", "profile/{profile}/erase/", [PEOPLE, "erase_person"]),
    "quarantinedevent_mend": ("get", "quarantinedevent/{bad}/mend/", ["change_quarantinedevent"]),
    "upload_refused_rows": ("get", "upload/{upload}/errors/", ["view_upload or change_upload or add_upload"]),
}
#: What may be done by hand with each model, of Django's own pages; the rest answers nobody, not even the owner.
STANDARD = {
    "segment": "view add change",
    "persona": "view add change delete",
    "refreshrun": "view",
    "experience": "view add change delete",
    "offer": "view add change delete",
    "question": "view add change delete",
    "redemption": "view",
    "profile": "view",
    "account": "view",
    "area": "view add change delete",
    "loyaltymember": "view",
    "quarantinedevent": "view",
    "intakecount": "view",
    "currencyrate": "view add change delete",
    "writekey": "view add change",
    "holiday": "view add change delete",
    "localevent": "view add change delete",
    "placeweather": "view add change delete",
    "upload": "view add delete",
    "rfmgrid": "view",
}
#: Pages of Django's that another page has taken the place of: it stands there, and asks who may itself.
TAKEN = {"refreshrun": {"add": 302}, "loyaltymember": {"add": 200, "history": 403}}
PAGES = {"changelist": "view", "change": "view", "history": "view", "add": "add", "delete": "delete"}
#: Whoever may do this may look as well.
ALSO_SEEN_BY = {"loyaltymember": "add_loyaltymember", "refreshrun": "add_refreshrun", "upload": "add_upload"}


def _everything() -> set[str]:
    return set(Permission.objects.filter(content_type__app_label="django_microseg").values_list("codename", flat=True))


@pytest.fixture
def places(addresses: Any, make_segment: Any) -> dict[str, Any]:
    """What the numbers in the addresses stand for."""
    merge = Merge.objects.get()
    return {
        "segment": Segment.objects.get(slug="buyers").pk,
        "other": make_segment("others", "everyone()").pk,
        "run": start_full_refresh(now=timezone.now()).pk,
        "profile": merge.target_id,
        "merge": merge.pk,
        "bad": QuarantinedEvent.objects.get().pk,
        "upload": Upload.objects.get().pk,
    }


def _names(patterns: Any) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _names(each.url_patterns)
        elif isinstance(each, URLPattern) and (each.name or "").startswith("django_microseg_"):
            yield each.name.removeprefix("django_microseg_")


def test_every_page_is_asked_here():
    standard = {f"{model}_{page}" for model in [*STANDARD, "overview"] for page in PAGES}
    assert set(_names(admin.site.get_urls())) == standard | set(OWN)


def _ask(browser: Client, method: str, address: str) -> tuple[int, str]:
    answer = getattr(browser, method)(f"{ROOT}{address}")
    return answer.status_code, answer.headers.get("Location", "")


def test_nobody_is_let_in_who_lacks_what_it_takes(staff: Any, places: dict[str, Any]) -> None:
    answers = {
        (name, each): _ask(staff(*_everything() - set(each.split(" or "))), method, address.format(**places))[0]
        for name, (method, address, needed) in OWN.items()
        for each in needed
    }
    assert answers == dict.fromkeys(answers, 403)


def test_whoever_has_what_it_takes_and_nothing_else_is_let_in(staff: Any, places: dict[str, Any]) -> None:
    shut = {}
    for name, (method, address, needed) in OWN.items():
        for chosen in product(*(each.split(" or ") for each in needed)):
            status, leads_to = _ask(staff(*chosen), method, address.format(**places))
            if status in (403, 404, 405) or "/login/" in leads_to:
                shut[name, chosen] = status
    assert shut == {}


@pytest.mark.parametrize("model", STANDARD)
def test_pages_of_django_are_for_those_who_may_do_it(model: str, staff: Any, owner: Client, places: Any) -> None:
    CurrencyRate.objects.create(currency="EUR", day=timezone.now().date(), rate=2)
    COUNTS.write()
    row = admin.site._registry[apps.get_model("django_microseg", model)].get_queryset(None).first()
    found = {}
    for page, verb in PAGES.items():
        below = {"changelist": "", "add": "add/"}.get(page, f"{row.pk if row else 1}/{page}/")
        lacking = {f"{verb}_{model}"}
        if verb == "view":
            lacking |= {f"change_{model}", ALSO_SEEN_BY.get(model, "")}
        asked = f"{model}/{below}"
        found[page] = tuple(_ask(who, "get", asked)[0] for who in (staff(*_everything() - lacking), owner))
    expected = {page: (403, 200 if verb in STANDARD[model].split() else 403) for page, verb in PAGES.items()}
    assert found == expected | {page: (status, status) for page, status in TAKEN.get(model, {}).items()}
