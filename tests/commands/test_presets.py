"""The command `microseg_presets`: ready segments, put in force, and the shop's own rules left alone."""

from __future__ import annotations

import pytest

from django_microseg.segment.models import Segment, SegmentVersion
from django_microseg.segment.presets import PRESETS
from django_microseg.segment.publish import pause
from tests.commands.console import refusal, say, say_json
from tests.commands.shop import NOW, fill, segment

pytestmark = pytest.mark.django_db


def outcomes(*arguments: str) -> dict[str, str]:
    return {row["slug"]: row["outcome"] for row in say_json("microseg_presets", *arguments)}


def test_all_presets_are_in_force_after_the_first_run() -> None:
    assert outcomes() == dict.fromkeys(PRESETS, "new")
    assert set(Segment.objects.filter(state="active").values_list("slug", flat=True)) == set(PRESETS)


def test_the_second_run_changes_nothing() -> None:
    say("microseg_presets")
    before = sorted(SegmentVersion.objects.values_list("pk", "state", "live_from"))
    assert outcomes() == dict.fromkeys(PRESETS, "unchanged")
    assert sorted(SegmentVersion.objects.values_list("pk", "state", "live_from")) == before


def test_sizes_and_sentences_are_shown() -> None:
    fill()
    rows = say_json("microseg_presets", "--only", "one-visit-one-order")
    assert rows == [
        {
            "slug": "one-visit-one-order",
            "outcome": "new",
            "size": 2,
            "sentence": "bought exactly once and visited the shop at most once",
        }
    ]
    assert "one-visit-one-order  unchanged  " in say("microseg_presets", "--only", "one-visit-one-order")


def test_other_thresholds_make_a_new_version() -> None:
    say("microseg_presets", "--only", "lost")
    assert outcomes("--only", "lost", "--set", "online-retail") == {"lost": "changed"}
    assert SegmentVersion.objects.filter(segment__slug="lost", state="live").get().number == 2


def test_a_single_threshold_can_be_given() -> None:
    rows = say_json("microseg_presets", "--only", "vip", "--param", "vip.orders=3", "--param", "vip.value=99.50")
    assert rows[0]["sentence"] == (
        "bought at least 3 times in the last 365 days and spent at least 99.5 GBP in the last 180 days"
    )


def test_a_rule_of_the_shops_own_is_kept() -> None:
    segment("vip", 'count("order_completed") >= 2')
    assert outcomes("--only", "vip") == {"vip": "kept"}
    assert outcomes("--only", "vip", "--replace") == {"vip": "changed"}


def test_a_segment_that_the_shop_has_paused_stays_so() -> None:
    say("microseg_presets", "--only", "vip")
    pause(Segment.objects.get(slug="vip"), now=NOW)
    assert outcomes("--only", "vip") == {"vip": "kept"}
    assert Segment.objects.get(slug="vip").state == "paused"


def test_an_installation_that_was_interrupted_is_finished() -> None:
    say("microseg_presets", "--only", "vip")
    Segment.objects.update(state="draft", live_version=None)
    assert outcomes("--only", "vip") == {"vip": "unchanged"}
    assert Segment.objects.get(slug="vip").state == "active"


def test_a_list_changes_nothing() -> None:
    rows = say_json("microseg_presets", "--list", "--only", "frequent-buyers")
    assert rows == [
        {
            "slug": "frequent-buyers",
            "rule": 'count("order_completed", days=30) >= 3',
            "sentence": "bought at least 3 times in the last 30 days",
        }
    ]
    assert not Segment.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--only", "vips"), "There is no preset 'vips'. Did you mean \"vip\"?"),
        (("--only", "vip", "--param", "vip.order=3"), "has no parameter 'order'"),
        (("--only", "vip", "--param", "vip.orders=many"), "Give a whole number"),
        (("--only", "vip", "--param", "vip.orders"), "is not of the form slug.name=value"),
        (("--only", "vip", "--param", "lost.days=3"), "none of the presets chosen"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_written(arguments: tuple[str, ...], sentence: str) -> None:
    code, said = refusal("microseg_presets", *arguments)
    assert code == 2
    assert sentence in said
    assert not Segment.objects.exists()


def test_pack_of_a_trade_is_put_in_force_instead() -> None:
    found = outcomes("--pack", "beauty", "--param", "beauty-one-brand.brand=karstwell")
    assert (len(found), set(found.values()), Segment.objects.filter(slug__startswith="beauty-").count()) == (
        7,
        {"new"},
        7,
    )
    assert "brand karstwell" in say("microseg_presets", "--list", "--only", "beauty-one-brand",
                                    "--param", "beauty-one-brand.brand=karstwell")  # fmt: skip
