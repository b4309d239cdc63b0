"""System checks: each wrong installation is named by its id, with a hint; a right one is left in peace."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.urls import clear_url_caches
from django.utils import timezone

from django_microseg.checks import databases, installation, personal_data
from django_microseg.checks.findings import FINDINGS
from django_microseg.decide.models import Experience
from django_microseg.decide.offers.models import Offer
from django_microseg.profile.models import Profile
from django_microseg.segment.models import SegmentVersion
from django_microseg.testing import MemoryShop, use_shop

OURS = "django_microseg.middleware.MicrosegMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
RIGHT_SQLITE = {
    "NAME": "/srv/shop.sqlite3",
    "ATOMIC_REQUESTS": False,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
    },
}


def _ids(**kwargs: Any) -> list[str]:
    """The ids of our findings, without those that the example shop itself shows."""
    found = run_checks(**kwargs)
    return sorted(each.id.partition(".")[2] for each in found if each.id.startswith("django_microseg."))


@pytest.fixture(autouse=True)
def _with_what_is_tested_here(settings) -> None:
    """The context processor, which the example shop may do without; and no adapter, whose addresses are not here."""
    settings.MICROSEG = {**settings.MICROSEG, "SHOP": None}
    settings.TEMPLATES = deepcopy(settings.TEMPLATES)
    processors = settings.TEMPLATES[0]["OPTIONS"]["context_processors"]
    processors.append("django_microseg.context_processors.segments")


def test_right_installation_is_left_in_peace():
    assert _ids() == []


def test_every_message_has_an_id_of_its_own_and_a_hint():
    ids = [each.id for each in FINDINGS]
    assert len(ids) == len(set(ids))
    assert [each.id for each in FINDINGS if not each.hint or not each.text] == []


# -- installation


@pytest.mark.parametrize(
    ("middleware", "found"),
    [
        ([], ["E001"]),
        ([OURS, COMMON], []),
        ([COMMON, OURS], ["W003"]),
        (["django.middleware.locale.LocaleMiddleware", OURS], ["W003"]),
        (["django.middleware.security.SecurityMiddleware", OURS], []),
        (["whitenoise.middleware.WhiteNoiseMiddleware", OURS], []),
        (["django.middleware.cache.UpdateCacheMiddleware", OURS], ["E002"]),
        ([OURS, COMMON, OURS], ["E004"]),
        (["tests.doors.test_checks.OwnMiddleware"], []),
        (["no.such.Middleware", OURS], ["W003"]),
    ],
)
def test_middleware_must_come_first(settings, middleware, found):
    settings.MIDDLEWARE = middleware
    ours = [each.id.partition(".")[2] for each in installation.check_installation(None)]
    assert ours == found


class OwnMiddleware(installation.import_string(OURS)):  # type: ignore[misc]
    """A shop's own, derived from ours."""


def test_templates_must_know_the_request(settings):
    settings.TEMPLATES[0]["OPTIONS"]["context_processors"] = []
    assert _ids() == ["I006", "W005"]


@pytest.mark.parametrize(
    ("urls", "found"), [("tests.doors.urls_without", ["E007"]), ("tests.doors.urls_translated", ["W008"])]
)
def test_addresses_must_be_there_and_outside_of_translation(settings, urls, found):
    settings.ROOT_URLCONF = urls
    clear_url_caches()
    assert _ids() == found


def test_times_need_zones(settings):
    settings.USE_TZ = False
    assert "E010" in _ids()


def test_apps_that_we_need_must_be_there(monkeypatch):
    monkeypatch.setattr(installation.apps, "is_installed", lambda name: name != "django.contrib.auth")
    assert [each.id for each in installation.check_installation(None)] == ["django_microseg.E009"]


def test_missing_extra_is_named(settings, monkeypatch):
    settings.CACHES = {**settings.CACHES, "shared": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    settings.MICROSEG = {"CACHE": "shared"}
    assert _ids() == []
    monkeypatch.setattr(installation, "find_spec", lambda name: None)
    (message,) = [each for each in run_checks() if each.id == "django_microseg.W011"]
    assert message.hint == 'Install it: pip install "django-microseg[celery]".'


@pytest.mark.parametrize(
    ("own", "extra"),
    [({"GEOIP_DATABASE": "/no/file"}, "geo"), ({"HOLIDAY_PLACES": ["AT"]}, "context")],
)
def test_missing_extra_of_the_context_is_named(settings, monkeypatch, own, extra):
    monkeypatch.setattr(installation, "find_spec", lambda name: None)
    settings.MICROSEG = own
    hints = [each.hint for each in run_checks() if each.id == "django_microseg.W011"]
    assert f'Install it: pip install "django-microseg[{extra}]".' in hints


# -- settings


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ({}, []),
        ("EUR", ["E022"]),
        ({"CURRENCIES": "EUR"}, ["E020"]),
        ({"CURRENCY": "euro"}, ["E021"]),
        ({"CURRENCY": "XYZ"}, ["E021"]),
        ({"CURRENCY": "JPY"}, []),
        ({"TIME_ZONE": "Mars/Olympus"}, ["E021"]),
        ({"TIME_ZONE": "Europe/Berlin"}, []),
        ({"VISIT_IDLE_MINUTES": 0}, ["E021"]),
        ({"VISIT_IDLE_MINUTES": True}, ["E021"]),
        ({"CONTEXT_WITHOUT_CONSENT": "no"}, ["E021"]),
        ({"COOKIE_NAME": "a b"}, ["E021"]),
        ({"COOKIE_NAME": "same", "CONSENT_COOKIE_NAME": "same"}, ["W027"]),
        ({"CONSENT_COOKIE_NAME": "microseg_preview"}, ["W027"]),
        ({"COOKIE_NAME": "a", "CONSENT_COOKIE_NAME": "a_staff"}, ["W027"]),
        ({"CACHE": "nowhere"}, ["E021"]),
        ({"CACHE": "default"}, ["W026"]),
        ({"PLACE_HEADERS": {"town": "X-Town"}}, ["E021"]),
        ({"PLACE_HEADERS": {"country": ""}}, ["E021"]),
        ({"IGNORED_PATHS": "/api"}, ["E021"]),
        ({"GEOIP_DATABASE": 5}, ["E021"]),
        ({"GEOIP_DATABASE": "/no/such/file.mmdb"}, ["W028"]),
        ({"GEOIP_DATABASE": __file__}, ["W028"]),
        ({"HOLIDAY_PLACES": ["DE-BY", "AT"]}, []),
        ({"HOLIDAY_PLACES": "DE"}, ["E021"]),
        ({"HOLIDAY_PLACES": ["Germany"]}, ["E021"]),
        ({"WEATHER_PLACES": {"DE": (48.1, 11.6)}}, []),
        ({"WEATHER_PLACES": {"Germany": (48.1, 11.6)}}, ["E021"]),
        ({"WEATHER_PLACES": {"DE": (148.1, 11.6)}}, ["E021"]),
        ({"WEATHER_PLACES": {"DE": 48.1}}, ["E021"]),
        ({"WEATHER_PROVIDER": "django_microseg.contrib.open_meteo.read"}, []),
        ({"WEATHER_PROVIDER": "no.such.function"}, ["E025"]),
        ({"RETENTION_DAYS": {"quarantine": 3, "changes": None}}, []),
        ({"RETENTION_DAYS": {"quarantine": 0}}, ["E021"]),
        ({"RETENTION_DAYS": {"events": 365}}, ["E021"]),
        ({"RETENTION_DAYS": 30}, ["E021"]),
        ({"EVENTS": {"page_viewed": {"properties": {}}}}, ["E023"]),
        ({"EVENTS": {"boot_polished": {"properties": {"polish": "text"}}}}, []),
        ({"EVENTS": []}, ["E021"]),
        ({"FACTS": {"shoe_size": 42}}, ["E024"]),
        ({"SHOP": 5}, ["E021"]),
        ({"SHOP": "shop"}, ["E021"]),
        ({"SHOP": {"goods": {}}}, ["E102"]),
        ({"CUSTOMER_KEY": "no.such.function"}, ["E025"]),
        ({"CUSTOMER_KEY": "tests.doors.test_checks.OURS"}, ["E025"]),
        ({"CUSTOMER_KEY": "tests.doors.test_checks._ids"}, []),
        ({"CURRENCY_RATES": "no.such.function"}, ["E025"]),
    ],
)
def test_wrong_setting_is_named(settings, own, found):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.MICROSEG = own
    assert _ids() == found


def test_near_miss_of_a_key_is_guessed(settings):
    settings.MICROSEG = {"CURENCY": "EUR"}
    (message,) = [each for each in run_checks() if each.id == "django_microseg.E020"]
    assert message.hint.startswith("Did you mean 'CURRENCY'?")


# -- database


@pytest.mark.parametrize(
    ("database", "found"),
    [
        (RIGHT_SQLITE, []),
        ({**RIGHT_SQLITE, "OPTIONS": {}}, ["W040", "W041", "W043"]),
        ({**RIGHT_SQLITE, "NAME": ":memory:", "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20}}, []),
        ({**RIGHT_SQLITE, "ATOMIC_REQUESTS": True}, ["W042"]),
    ],
)
def test_sqlite_needs_its_options(monkeypatch, database, found):
    monkeypatch.setattr(databases, "connections", {"default": _Connection("sqlite", database)})
    ours = [each.id.partition(".")[2] for each in databases.check_databases(None)]
    assert ours == found


@pytest.mark.parametrize(("vendor", "found"), [("postgresql", []), ("mysql", ["E044"])])
def test_only_engines_that_agree_are_accepted(monkeypatch, vendor, found):
    monkeypatch.setattr(databases, "connections", {"default": _Connection(vendor, {"OPTIONS": {}})})
    ours = [each.id.partition(".")[2] for each in databases.check_databases(None)]
    assert ours == found


class _Connection:
    alias = "default"

    def __init__(self, vendor: str, settings_dict: dict[str, Any]) -> None:
        self.vendor, self.display_name, self.settings_dict = vendor, vendor.title(), settings_dict


# -- personal data and what is stored


def test_table_without_handlers_is_named(monkeypatch):
    monkeypatch.setattr(personal_data, "unregistered_models", lambda: [Profile])
    (message,) = personal_data.check_personal_data(None)
    assert (message.id, message.obj) == ("django_microseg.E060", Profile)


@pytest.mark.django_db
class TestStored:
    def test_rules_and_experiences_that_work_are_left_in_peace(self, buyers):
        assert _ids(databases=["default"]) == []

    def test_nothing_is_read_without_being_asked_for(self, buyers, django_assert_num_queries):
        SegmentVersion.objects.update(rule={"version": 1, "rule": {"custom": "gone", "parameters": {}}})
        with django_assert_num_queries(0):
            assert _ids() == []

    def test_unknown_condition_is_named(self, buyers):
        SegmentVersion.objects.update(rule={"version": 1, "rule": {"custom": "gone", "parameters": {}}})
        assert _ids(databases=["default"]) == ["E080"]

    def test_rule_that_can_no_longer_be_read_is_named(self, buyers):
        SegmentVersion.objects.update(rule={"version": 1, "rule": {"nonsense": 1}})
        assert _ids(databases=["default"]) == ["E081"]

    def test_experience_for_a_segment_that_is_not_in_force_is_named(self, make_experience):
        make_experience("lost", "nobody")
        assert _ids(databases=["default"]) == ["W082"]

    def test_draft_for_a_segment_that_is_not_in_force_is_not(self, make_experience):
        make_experience("lost", "nobody", state="draft")
        assert _ids(databases=["default"]) == []

    def test_experience_whose_template_is_gone_is_named(self):
        Experience.objects.create(
            slug="lost", name="Lost", slot="hero", state="live", template_name="no/such.html", created_at=timezone.now()
        )
        assert _ids(databases=["default"]) == ["W083"]

    def test_experience_whose_offer_is_not_live_is_named(self, make_experience):
        offer = Offer.objects.create(slug="ten", name="Ten", headline="Ten", percent_hundredths=1000, code="TEN")
        make_experience("speaking", offer="ten")
        make_experience("lost", offer="gone")
        assert _ids(databases=["default"]) == ["W088", "W088"]
        offer.state = Offer.State.LIVE
        offer.save()
        assert _ids(databases=["default"]) == ["W088"]

    def test_offer_for_a_segment_that_is_not_in_force_is_named_while_it_is_live(self):
        fields = {"name": "Ten", "headline": "Ten", "percent_hundredths": 1000, "segments": ["nobody"]}
        Offer.objects.create(slug="draft", **fields)
        assert _ids(databases=["default"]) == []
        Offer.objects.create(slug="ten", state="live", **fields)
        assert _ids(databases=["default"]) == ["W089"]

    def test_promotion_of_products_that_nobody_knows_is_named(self, make_experience):
        make_experience("promotion", product_keys=["boot-1"])
        assert _ids(databases=["default"]) == ["W086"]

    def test_products_and_categories_that_the_shop_does_not_have_are_named(self, make_experience):
        order = {"slot": "category-order", "kind": "order", "content_html": ""}
        make_experience("promotion", product_keys=["boot-1", "gone"])
        make_experience("order", order_keys=["boots", "lost"], **order)
        with use_shop(MemoryShop()) as shop:
            shop.add_product("boot-1", stock=0)
            shop.add_category("boots")
            told = [message.msg for message in run_checks(tags=["database"], databases=["default"])]
        assert told == [
            "The live experience 'promotion' names the product 'gone', which the shop does not have.",
            "The live experience 'order' names the category 'lost', which the shop does not have.",
        ]

    def test_shop_that_is_described_wrongly_is_left_to_its_own_check(self, make_experience, settings):
        make_experience("promotion", product_keys=["boot-1"])
        settings.MICROSEG = {**settings.MICROSEG, "SHOP": "no.such.Adapter"}
        assert "W087" not in _ids(databases=["default"])


@pytest.mark.django_db(transaction=True)
def test_check_before_the_tables_exist_says_nothing():
    table = Experience._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_away"')
    try:
        assert _ids(databases=["default"]) == []
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}_away" RENAME TO "{table}"')


def test_command_prints_id_and_hint(settings, capsys):
    settings.MIDDLEWARE = [COMMON, *settings.MIDDLEWARE]
    call_command("check")
    printed = capsys.readouterr().err
    assert "django_microseg.W003" in printed
    assert "HINT: Move 'django_microseg.middleware.MicrosegMiddleware' to the first place" in printed


def test_every_finding_is_provoked_here():
    """A finding that nothing provokes may say anything."""
    text = "".join(path.read_text() for path in sorted(Path(__file__).parent.glob("test_checks*.py")))
    assert [each.id for each in FINDINGS if f'"{each.id}"' not in text and f".{each.id}" not in text] == []
