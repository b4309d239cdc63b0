"""Personas in the admin: told in rows or as text, asked at once, and shown on the page of their segment."""

from __future__ import annotations

from typing import Any

import pytest

from django_microseg.segment.admin_form import rule_text
from django_microseg.segment.personas.examples import EXAMPLES
from django_microseg.segment.personas.models import Persona
from django_microseg.segment.personas.rows import rows_of, story_of_rows
from django_microseg.segment.personas.stored import stored_as
from django_microseg.segment.personas.story import WrongStory
from tests.admin.deciding import decide, difference_url
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/persona/"
VIP = 'count("order_completed", days=365) >= 3'
_EVENT = ("event", "times", "ago", "unit", "days_between", "product", "category", "amount", "more")
#: The selects of a form: part, column, an input beside it, and what an empty row has.
SELECTS = (
    ("events", "event", "ago", ""), ("events", "unit", "ago", "days_ago"),
    ("facts", "name", "value", ""), ("context", "name", "value", ""),
)  # fmt: skip
ORDERS = {"event": "order_completed", "times": "2", "ago": "5", "days_between": "30", "amount": "49.90"}
STORY = {"event": "order_completed", "days_ago": 5, "times": 2, "days_between": 30, "revenue": 49.9}


def _form(*events: dict[str, str], facts: Any = (), context: Any = (), **fields: Any) -> dict[str, Any]:
    """What a browser sends: every row, the empty ones too."""
    rows = [*events, {}, {}]
    data: dict[str, Any] = {"name": "Lena", "wanted": ["vip"], **fields}
    for column in _EVENT:
        data[f"events-{column}"] = [row.get(column, "days_ago" if column == "unit" else "") for row in rows]
    for part, pairs in (("facts", facts), ("context", context)):
        data[f"{part}-name"] = [*(name for name, _ in pairs), ""]
        data[f"{part}-value"] = [*(value for _, value in pairs), ""]
    return data


def _persona(name: str = "Lena", **said: Any) -> Persona:
    return Persona.objects.create(name=name, **stored_as({"events": [STORY], **said}))


def _page(row: Persona) -> str:
    return f"{LIST}{row.pk}/change/"


@pytest.fixture
def vip(make_segment: Any) -> Any:
    return make_segment("vip", VIP, name="VIPs")


# -- telling a story in rows


def test_rows_become_a_story_that_is_asked_at_once(owner: Any, vip: Any) -> None:
    owner.post(f"{LIST}add/", _form(ORDERS, facts=[("tier", "Gold")], context=[("hour", "21")]))
    row = Persona.objects.get()
    assert row.story == {"format": 1, "events": [STORY], "facts": {"tier": "Gold"}, "context": {"hour": 21}}
    assert (row.wanted, row.unwanted) == (["vip"], [])
    words = read(owner.get(_page(row)).text).words
    assert "By the rules in force this persona is not where it belongs." in words
    assert "Lena is not in “VIPs”: bought at least 3 times in the last 365 days (at least 3 needed, 2 there)" in words


def test_rows_are_shown_again_as_they_were_and_saving_them_changes_nothing(owner: Any, vip: Any) -> None:
    row = _persona(**{"in": ["vip"]})
    page = read(owner.get(_page(row)).text)
    shown = {tag["name"]: tag["value"] for tag in reversed(page.all("input")) if tag.get("name", "").startswith("even")}
    assert (shown["events-times"], shown["events-ago"], shown["events-amount"]) == ("2", "5", "49.9")
    owner.post(_page(row), _form({**ORDERS, "amount": "49.9"}))
    before, row.story = row.story, {}
    row.refresh_from_db()
    assert row.story == before


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ({"event": "", "ago": "3"}, "Row 2: Choose what happened."),
        ({"event": "order_completed", "ago": "soon"}, "Row 2: “soon” is no number"),
        ({"event": "page_viewed", "more": "path=/", "amount": "3"}, "Row 2: “page_viewed” has no room for an amount"),
        ({"event": "page_viewed", "more": "path=/", "product": "b"}, "has no room for a product"),
        ({"event": "nps_answered"}, "Row 2: nps_answered needs score"),
        ({"event": "page_viewed", "more": "path"}, "“path” is not understood"),
        ({"event": "order_completed", "times": "0"}, "times is a whole number from 1 to 1000"),
    ],
)
def test_row_with_a_mistake_is_pointed_at_and_nothing_is_saved(
    owner: Any, vip: Any, event: dict[str, str], complaint: str
) -> None:
    text = owner.post(f"{LIST}add/", _form(ORDERS, event)).text
    page = read(text)
    assert complaint in page.words
    assert len(page.all("li", class_="has-error")) == 1
    assert not Persona.objects.exists()


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"wanted": []}, "Nothing is expected."),
        ({"unwanted": ["vip"]}, "“vip” stands on both sides"),
        ({"wanted": ["nope"]}, "Select a valid choice"),
        ({"name": ""}, "This field is required."),
        ({"facts": [("birthday", "never")]}, "a date such as"),
        ({"facts": [("tier", "")]}, "Give both"),
        ({"facts": [("tier", "a"), ("tier", "b")]}, "“tier” is said twice."),
    ],
)
def test_what_is_wrong_otherwise_is_said_in_words(owner: Any, vip: Any, fields: Any, complaint: str) -> None:
    assert complaint in read(owner.post(f"{LIST}add/", _form(ORDERS, **fields)).text).words
    assert not Persona.objects.exists()


def test_two_personas_have_two_names(owner: Any, vip: Any) -> None:
    _persona(**{"in": ["vip"]})
    assert "already exists" in owner.post(f"{LIST}add/", _form(ORDERS)).text


@pytest.mark.parametrize(
    "story",
    [
        {"events": [{"event": "order_completed", "days_ago": 1, "hours_ago": 2, "coupon": "SALE", "channel": "email"}]},
        {"events": [{"event": "order_completed", "revenue": 80, "products": [
            {"product_id": "b", "category": "boots", "price": 80}]}]},
        {"events": [{"event": "order_completed", "products": [{"product_id": "any", "category": "boots"}]}]},
        {"events": [{"event": "product_added", "hours_ago": 3, "product_id": "b", "category": "boots", "value": 80}]},
        {"facts": {"tier": "gold", "nps": 9, "birthday": "1990-05-01"}, "context": {"device": "mobile", "hour": 21}},
        *(dict(example.story) for example in EXAMPLES.values()),
    ],
)  # fmt: skip
def test_story_and_its_rows_say_the_same(story: dict[str, Any]) -> None:
    whole = {"format": 1, "events": [], "facts": {}, "context": {}, **story}
    rows = rows_of(whole)
    assert rows is not None
    assert story_of_rows(rows) == whole


@pytest.mark.parametrize(
    "event",
    [
        {"event": "order_completed", "products": [{"product_id": "a"}, {"product_id": "b"}]},
        {"event": "order_completed", "products": [{"product_id": "a", "brand": "acme"}]},
        {"event": "product_viewed", "product_id": "a", "attributes": ["vegan", "light"]},
        {"event": "gone_since"},
    ],
)
def test_story_that_rows_cannot_say_has_none(event: dict[str, Any]) -> None:
    assert rows_of({"format": 1, "events": [event], "facts": {}, "context": {}}) is None


def test_name_of_no_event_is_no_row() -> None:
    with pytest.raises(WrongStory):
        story_of_rows({"events": [{"event": "gone_since"}]})


# -- telling it as text


def test_story_as_text_is_read_with_days_as_days(owner: Any, vip: Any) -> None:
    text = "facts: {birthday: 1990-05-01}\nevents:\n- {event: order_completed, days_ago: 1, hours_ago: 2}\n"
    owner.post(f"{LIST}add/?as=text", {"name": "Lena", "wanted": ["vip"], "story_text": text})
    assert Persona.objects.get().story == {
        "format": 1,
        "facts": {"birthday": "1990-05-01"},
        "events": [{"event": "order_completed", "days_ago": 1, "hours_ago": 2}],
        "context": {},
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("events:\n- {event: order_completed}\n- {event: nope}\n", "Line 3: event 2: No event of this name"),
        ("events:\n- {event: order_completed\nfacts: {}", "Line 3: this is no YAML"),
        ("facts:\n  tier: gold\n  birthday: never\n", "Line 3: The fact 'birthday' takes a date"),
        ("context:\n  mood: good\n", "Line 2: `context` has mood"),
        ("events: 7\n", "Line 1: `events` is no list."),
        ("mood: good", "nothing reads “mood”"),
        ("just words", "This is no story"),
    ],
)
def test_mistake_in_the_text_comes_with_its_line(owner: Any, vip: Any, text: str, complaint: str) -> None:
    answer = owner.post(f"{LIST}add/?as=text", {"name": "Lena", "wanted": ["vip"], "story_text": text})
    assert complaint in read(answer.text).words
    assert not Persona.objects.exists()


def test_story_that_rows_cannot_say_is_shown_as_text(owner: Any, vip: Any) -> None:
    lines = [{"product_id": "a"}, {"product_id": "b"}]
    row = _persona(events=[{"event": "order_completed", "products": lines}], **{"in": ["vip"]})
    page = read(owner.get(_page(row)).text)
    assert "This story says more than rows can" in page.words
    assert (len(page.all("textarea", name="story_text")), page.all("input", name="events-ago")) == (1, [])
    plain = read(owner.get(_page(_persona("Plain", **{"in": ["vip"]}))).text)
    assert (plain.all("textarea", name="story_text"), "Write the story as YAML" in plain.words) == ([], True)


# -- beginning


@pytest.mark.parametrize("key", EXAMPLES)
def test_example_fills_the_form_and_can_be_saved_as_it_is(owner: Any, vip: Any, key: str) -> None:
    page = read(owner.get(f"{LIST}add/?example={key}&in=vip").text)
    data: dict[str, Any] = {"name": page.all("input", name="name")[0]["value"], "wanted": ["vip"]}
    for tag in page.all("input"):
        if tag.get("name", "").partition("-")[0] in ("events", "facts", "context"):
            data.setdefault(tag["name"], []).append(tag.get("value", ""))
    rows = rows_of({**EXAMPLES[key].story})
    assert rows is not None
    for part, column, other, empty in SELECTS:
        chosen = [row.get(column, empty) for row in rows[part]]
        data[f"{part}-{column}"] = [*chosen, *[empty] * (len(data[f"{part}-{other}"]) - len(chosen))]
    owner.post(f"{LIST}add/?example={key}&in=vip", data)
    assert Persona.objects.get().story == EXAMPLES[key].story


def test_empty_list_offers_the_examples_to_whoever_may_add_one(owner: Any, staff: Any) -> None:
    assert f"{LIST}add/?example=loyal-customer" in read(owner.get(LIST).text).addresses()
    page = read(staff("view_persona").get(LIST).text)
    assert ("A persona is somebody made up" in page.words, "Begin with" in page.words) == (True, False)


# -- asking


def test_list_says_who_is_where_they_belong_and_why_not(owner: Any, vip: Any, make_segment: Any) -> None:
    make_segment("later", VIP, is_active=False)
    _persona("Anna", **{"in": ["vip"]})
    _persona("Bea", not_in=["vip"])
    _persona("Cora", **{"in": ["later"]})
    _persona("Dora", events=[{"event": "gone_since"}], **{"in": ["vip"]})
    words = read(owner.get(LIST).text).words
    assert "Anna in VIPs not where it belongs Anna is not in “VIPs”: bought at least 3 times" in words
    assert "Bea not in VIPs where it belongs" in words
    assert "Cora in Later waits Not in force: Later." in words
    assert "Dora in VIPs its story can no longer be read event 1: No event of this name" in words


def test_run_of_all_leads_with_the_answer(owner: Any, vip: Any) -> None:
    _persona("Bea", not_in=["vip"])
    assert "The one persona is where it belongs." in owner.get(f"{LIST}run/").text
    _persona("Anna", **{"in": ["vip"]})
    words = read(owner.get(f"{LIST}run/").text).words
    assert "1 of 2 personas is not where it belongs. Not where they belong (1)" in words
    assert words.index("Anna is not in “VIPs”") < words.index("Where they belong (1)")


def test_run_without_personas_says_so(owner: Any) -> None:
    assert "There is no persona yet" in owner.get(f"{LIST}run/").text


@pytest.mark.parametrize("number", [1, 12])
def test_list_asks_no_more_for_many_personas(
    owner: Any, vip: Any, number: int, django_assert_max_num_queries: Any
) -> None:
    for each in range(number):
        _persona(f"Lena {each}", **{"in": ["vip"]})
    owner.get(LIST)
    with django_assert_max_num_queries(10):
        owner.get(LIST)


# -- a change of rules


def _save(browser: Any, segment: Any, rule: str) -> None:
    fields = {"name": "VIPs", "description": "", "rule_text": rule, "note": "", "state": "active"}
    browser.post(f"/admin/django_microseg/segment/{segment.pk}/change/", fields)


def _live_rule(segment: Any) -> str:
    segment.refresh_from_db()
    return rule_text(segment.live_version.rule)


def test_rule_that_breaks_a_persona_goes_live_only_if_somebody_says_so(owner: Any, vip: Any) -> None:
    _persona("Bea", not_in=["vip"])
    _save(owner, vip, "everyone()")
    page = read(owner.get(difference_url(vip)).text)
    assert "It breaks 1 persona that holds now." in page.words
    assert "Bea is in “VIPs”: its rule is true for everybody" in page.words
    decide(owner, vip)
    assert _live_rule(vip) == VIP
    (box,) = page.all("input", name="acknowledge")
    decide(owner, vip, acknowledge=box["value"])
    assert _live_rule(vip) == "everyone()"


def test_rule_that_breaks_nobody_needs_no_word(owner: Any, vip: Any) -> None:
    _persona("Bea", not_in=["vip"])
    _persona("Failed", not_in=[], **{"in": ["vip"]})
    _save(owner, vip, VIP.replace("3", "4"))
    assert read(owner.get(difference_url(vip)).text).all("input", name="acknowledge") == []
    decide(owner, vip)
    assert _live_rule(vip) == VIP.replace("3", "4")


def test_word_for_one_list_of_personas_is_none_for_another(owner: Any, vip: Any) -> None:
    _persona("Bea", not_in=["vip"])
    _save(owner, vip, "everyone()")
    (box,) = read(owner.get(difference_url(vip)).text).all("input", name="acknowledge")
    _persona("Anna", not_in=["vip"])
    decide(owner, vip, acknowledge=box["value"])
    assert _live_rule(vip) == VIP


def test_persona_that_failed_before_is_named_beside_those_that_break(owner: Any, vip: Any) -> None:
    _persona("Bea", not_in=["vip"])
    _persona("Old", events=[], **{"in": ["vip"]})
    _save(owner, vip, 'count("order_completed") == 2')
    words = read(owner.get(difference_url(vip)).text).words
    assert "It breaks 1 persona that holds now." in words
    assert "Old is not in “VIPs”: bought exactly 2 times (2 needed, 0 there). It was so before." in words


# -- beside the segment


def test_page_of_a_segment_names_the_personas_that_expect_something_of_it(
    owner: Any, vip: Any, make_segment: Any
) -> None:
    other = make_segment("other", "nobody()")
    row = _persona(not_in=["vip"])
    page = read(owner.get(f"/admin/django_microseg/segment/{vip.pk}/change/").text)
    assert "Lena must not be in it where it belongs" in page.words
    assert _page(row) in page.addresses()
    empty = read(owner.get(f"/admin/django_microseg/segment/{other.pk}/change/").text)
    assert "No persona expects anything of this segment" in empty.words
    assert f"{LIST}add/?in=other" in empty.addresses()


def test_whoever_may_not_see_personas_sees_none_beside_a_segment(staff: Any, vip: Any) -> None:
    _persona(not_in=["vip"])
    address = f"/admin/django_microseg/segment/{vip.pk}/change/"
    assert "Lena" not in staff("view_segment").get(address).text
    assert "Lena" in staff("view_segment", "view_persona").get(address).text


# -- who may


def test_viewer_reads_the_story_and_changes_nothing(staff: Any, vip: Any) -> None:
    row = _persona(**{"in": ["vip"]})
    viewer = staff("view_persona")
    page = read(viewer.get(_page(row)).text)
    assert ("order_completed" in page.words, page.all("input", name="name")) == (True, [])
    assert viewer.post(_page(row), _form(ORDERS, name="Hacked")).status_code == 403
    assert viewer.post(f"{LIST}add/", _form(ORDERS, name="Hacked")).status_code == 403
    assert [each.name for each in Persona.objects.all()] == ["Lena"]


def test_text_of_staff_is_escaped(owner: Any, vip: Any) -> None:
    _persona("<script>alert(1)</script>", facts={"tier": "<script>alert(1)</script>"}, **{"in": ["vip"]})
    row = Persona.objects.get()
    pages = [owner.get(address).text for address in (LIST, _page(row), f"{LIST}run/", f"{_page(row)}?as=text")]
    assert ["<script>alert" in page for page in pages] == [False] * 4
    assert [read(page).refused for page in pages] == [[]] * 4
