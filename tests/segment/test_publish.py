"""Definitions go live in one step: nobody sees a half-built segment, and everybody's change is logged."""

from __future__ import annotations

import pytest

from django_microseg.segment import publish
from django_microseg.segment.models import Membership, Segment, SegmentVersion
from django_microseg.segment.outbox import segment_entered, segment_left
from django_microseg.segment.publish import go_live, pause
from tests.segment.shop import (
    DAY,
    NOW,
    buy,
    changes_of,
    do,
    members,
    prepared_members,
    profile_of,
    put_in_force,
    redefine,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyers() -> None:
    put_in_force(frequent='count("order_completed") >= 2')
    for customer, orders in (("one", 1), ("two", 2), ("three", 3)):
        for days in range(orders):
            buy(customer, NOW - (days + 1) * DAY)


@pytest.mark.usefixtures("buyers")
def test_saved_definition_changes_nothing_until_it_goes_live() -> None:
    version = redefine("frequent", 'count("order_completed") >= 3')
    assert members("frequent") == ["three", "two"]
    assert prepared_members(version) == []
    go_live([version], now=NOW)
    assert members("frequent") == ["three"]
    assert Segment.objects.get().size == 1


@pytest.mark.usefixtures("buyers")
def test_switch_logs_the_difference_and_keeps_since_of_those_who_stay() -> None:
    since = dict(Membership.objects.values_list("profile__customer_key", "since"))
    go_live([redefine("frequent", 'count("order_completed") != 2')], now=NOW + DAY)
    assert members("frequent") == ["one", "three"]
    assert changes_of("frequent")[-2:] == [("one", True, "definition"), ("two", False, "definition")]
    now = dict(Membership.objects.values_list("profile__customer_key", "since"))
    assert now["three"] == since["three"]
    assert now["one"] == NOW + DAY


@pytest.mark.usefixtures("buyers")
def test_while_a_rule_is_prepared_the_old_one_shows_and_events_answer_both(monkeypatch: pytest.MonkeyPatch) -> None:
    version = redefine("frequent", 'count("order_completed") >= 3')
    seen = []

    def refresh_and_look(*args: object, **kwargs: object) -> object:
        result = original(*args, **kwargs)
        buy("two", NOW)
        seen.append((members("frequent"), prepared_members(version)))
        return result

    original = publish.refresh_all
    monkeypatch.setattr(publish, "refresh_all", refresh_and_look)
    go_live([version], now=NOW)
    assert seen[0] == (["three", "two"], ["three", "two"])
    assert members("frequent") == ["three", "two"]


@pytest.mark.usefixtures("buyers")
def test_version_that_a_dead_process_left_half_prepared_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    abandoned = redefine("frequent", 'count("order_completed") >= 3')

    def die(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(publish, "refresh_all", die)
        with pytest.raises(KeyboardInterrupt):
            go_live([abandoned], now=NOW)
    buy("three")
    assert members("frequent") == ["three", "two"]
    go_live([redefine("frequent", 'count("order_completed") >= 1')], now=NOW)
    assert members("frequent") == ["one", "three", "two"]
    abandoned.refresh_from_db()
    assert (abandoned.state, prepared_members(abandoned)) == ("retired", [])


@pytest.mark.usefixtures("buyers")
def test_old_versions_leave_no_membership_behind() -> None:
    go_live([redefine("frequent", 'count("order_completed") >= 3')], now=NOW)
    assert Membership.objects.count() == 1
    assert list(SegmentVersion.objects.order_by("number").values_list("state", flat=True)) == ["retired", "live"]


@pytest.mark.usefixtures("buyers")
def test_segment_that_uses_a_changed_one_changes_with_it() -> None:
    put_in_force(rare='not segment("frequent")')
    assert members("rare") == ["one"]
    go_live([redefine("frequent", 'count("order_completed") >= 3')], now=NOW)
    assert members("rare") == ["one", "two"]


@pytest.mark.usefixtures("buyers")
def test_paused_segment_has_nobody_and_comes_back_whole() -> None:
    segment = Segment.objects.get()
    pause(segment, now=NOW)
    assert members("frequent") == []
    assert set(changes_of("frequent")[-2:]) == {("three", False, "definition"), ("two", False, "definition")}
    buy("one")
    publish.activate([segment], now=NOW)
    assert members("frequent") == ["one", "three", "two"]


@pytest.mark.parametrize(("slug", "state", "kept"), [("frequent", "retired", []), ("other", "preparing", ["one"])])
@pytest.mark.usefixtures("buyers")
def test_pause_gives_up_what_is_prepared_of_its_own_segment_alone(slug: str, state: str, kept: list[str]) -> None:
    put_in_force(other='count("order_completed") >= 9')
    version, draft = redefine(slug, 'count("order_completed") >= 1'), redefine("frequent", "everyone()")
    SegmentVersion.objects.filter(pk=version.pk).update(state="preparing")
    Membership.objects.create(profile=profile_of("one"), segment=version.segment, definition=version, since=NOW)
    pause(Segment.objects.get(slug="frequent"), now=NOW)
    version.refresh_from_db()
    draft.refresh_from_db()
    assert (version.state, version.live_until, prepared_members(version)) == (state, None, kept)
    assert (draft.state, len(changes_of("frequent"))) == ("draft", 4)  # two came, and these two left


@pytest.mark.parametrize(("state", "appointments"), [("archived", (None, None)), ("paused", (NOW, NOW + DAY))])
@pytest.mark.usefixtures("buyers")
def test_only_what_is_archived_loses_its_appointments(state: str, appointments: tuple[object, object]) -> None:
    Segment.objects.update(in_force_from=NOW, in_force_until=NOW + DAY)
    pause(Segment.objects.get(), now=NOW, state=state)
    segment = Segment.objects.get()
    assert (segment.in_force_from, segment.in_force_until) == appointments


@pytest.mark.usefixtures("buyers")
def test_pause_writes_over_nothing_that_somebody_else_has_said_meanwhile() -> None:
    segment = Segment.objects.get()
    Segment.objects.update(name="Theirs", in_force_from=NOW)
    pause(segment, now=NOW)
    segment.refresh_from_db()
    assert (segment.name, segment.in_force_from, segment.state, segment.size) == ("Theirs", NOW, "paused", None)


def test_segment_with_a_condition_that_nobody_knows_has_no_members() -> None:
    segment = Segment.objects.create(slug="odd", name="odd")
    rule = {"version": 1, "rule": {"custom": "gone_with_an_old_release", "parameters": {}}}
    publish.save_definition(segment, rule, now=NOW)
    publish.activate([segment], now=NOW)
    do("ann", "product_viewed", product_id="p1")
    assert members("odd") == []


def test_signals_come_after_commit_with_an_id_and_once(
    django_capture_on_commit_callbacks: pytest.FixtureRequest,
) -> None:
    put_in_force(buyers='count("order_completed") >= 1')
    news: list[tuple[str, str, int]] = []

    def entered(**given: object) -> None:
        news.append(("in", str(given["segment"]), int(str(given["profile_id"]))))

    def left(**given: object) -> None:
        news.append(("out", str(given["segment"]), int(str(given["profile_id"]))))

    segment_entered.connect(entered)
    segment_left.connect(left)
    try:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            do("ann", "order_completed", order_id="A", revenue=5, currency="GBP")
            assert news == []
        ann = profile_of("ann").pk
        assert news == [("in", "buyers", ann)]
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            do("ann", "order_cancelled", NOW + DAY, order_id="A")
        assert news == [("in", "buyers", ann), ("out", "buyers", ann)]
    finally:
        segment_entered.disconnect(entered)
        segment_left.disconnect(left)
