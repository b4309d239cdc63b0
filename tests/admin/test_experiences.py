"""Experiences in the admin: saving, deleting and the actions publish at once; nothing wrong is saved."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from django_microseg.decide.models import Experience
from django_microseg.decide.offers.models import Offer
from django_microseg.decide.publish import publish_experiences, save_experience
from django_microseg.segment.models import Publication, Segment
from example_shop.shop.models import Brand, Category, Product
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/experience/"


def _form(**changes: object) -> dict[str, object]:
    return {
        "name": "Welcome",
        "slug": "welcome",
        "slot": "home-hero",
        "state": "live",
        "match": "any",
        "kind": "content",
        "content_html": "<b>hello</b>",
        "template_name": "",
        "priority": "0",
        "starts_at_0": "",
        "starts_at_1": "",
        "ends_at_0": "",
        "ends_at_1": "",
        **changes,
    }


def _published() -> list[str]:
    row = Publication.objects.filter(pk=1).first()
    return [each["slug"] for each in row.experiences] if row else []


@pytest.fixture
def welcome() -> Experience:
    experience = Experience(slug="welcome", name="Welcome", slot="home-hero", state="live", content_html="<b>hello</b>")
    save_experience(experience, now=timezone.now())
    return experience


def test_saving_a_live_experience_publishes_it(owner):
    owner.post(f"{LIST}add/", _form())
    assert _published() == ["welcome"]


def test_offer_is_chosen_among_those_of_the_shop_and_published(owner):
    Offer.objects.create(slug="ten", name="Ten", headline="Ten", percent_hundredths=1000, code="TEN", state="live")
    page = owner.post(f"{LIST}add/", _form(offer="nonsense"))
    assert page.context["adminform"].form.errors["offer"] == [
        "Select a valid choice. nonsense is not one of the available choices."
    ]
    owner.post(f"{LIST}add/", _form(offer="ten"))
    assert [each["offer"] for each in Publication.objects.get().experiences] == ["ten"]


def test_offer_that_is_gone_is_still_said(owner, welcome):
    Experience.objects.update(offer="gone")
    page = owner.get(reverse("admin:django_microseg_experience_change", args=[welcome.pk]))
    assert '<option value="gone" selected>gone (gone)</option>' in page.text


def test_saving_a_draft_publishes_nothing(owner):
    owner.post(f"{LIST}add/", _form(state="draft"))
    assert (_published(), Experience.objects.count()) == ([], 1)


def test_each_publication_has_a_higher_version(owner, welcome):
    before = Publication.objects.get().version
    owner.post(reverse("admin:django_microseg_experience_change", args=[welcome.pk]), _form(name="Hello"))
    assert Publication.objects.get().version == before + 1


def test_deleting_takes_it_out_of_the_shop(owner, welcome):
    owner.post(f"{LIST}{welcome.pk}/delete/", {"post": "yes"})
    assert (_published(), Experience.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("action", "published"), [("delete_selected", []), ("pause_chosen", []), ("publish_chosen", ["welcome"])]
)
def test_actions_publish_what_is_left(owner, welcome, action, published):
    owner.post(LIST, {"action": action, "_selected_action": welcome.pk, "post": "yes"})
    assert _published() == published


def test_action_does_not_show_what_has_no_content(owner):
    empty = Experience.objects.create(slug="empty", name="Empty", slot="home-hero")
    publish_experiences(now=timezone.now())
    page = owner.post(LIST, {"action": "publish_chosen", "_selected_action": empty.pk}, follow=True).text
    assert (_published(), "“Empty” is not complete: A live experience needs" in page) == ([], True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"content_html": "", "template_name": "no/such.html"}, "There is no template"),
        ({"template_name": "shop/heroes/default.html"}, "Give either content or a template, not both."),
        ({"content_html": ""}, "A live experience needs content or a template."),
        ({"slot": "home hero"}, "valid “slug”"),
        ({"segments": ["nobody"]}, "Select a valid choice"),
        ({"kind": "order"}, "An order of things shows no content."),
        ({"kind": "order", "content_html": ""}, "A live order needs at least one key: what comes first."),
        ({"order_keys": ["boots"]}, "Only an order of things takes these keys."),
        ({"product_keys": ["ridge-boot", "ridge-boot"]}, "“ridge-boot” is listed twice."),
        ({"product_keys": [f"p-{number}" for number in range(101)]}, "These are 101 keys. Give 100 at most."),
        (
            {"starts_at_0": "2024-02-02", "starts_at_1": "10:00", "ends_at_0": "2024-02-01", "ends_at_1": "10:00"},
            "It must end after it starts.",
        ),
    ],
)
def test_wrong_experience_is_not_saved(owner, changes, message):
    response = owner.post(f"{LIST}add/", _form(**changes))
    assert (message in response.text, Experience.objects.count()) == (True, 0)


def test_template_must_lie_where_the_shop_allows(owner, settings):
    settings.MICROSEG = {"EXPERIENCE_TEMPLATES": ["microseg/"]}
    page = owner.post(f"{LIST}add/", _form(content_html="", template_name="admin/base.html")).text
    assert "Templates of experiences must lie below microseg/." in page


def test_segments_are_chosen_among_those_of_the_shop(owner):
    Segment.objects.create(slug="vip", name="VIP")
    owner.post(f"{LIST}add/", _form(segments=["vip"]))
    assert Experience.objects.get().segments == ["vip"]


def test_segment_that_is_gone_stays_chosen_and_is_marked(owner, welcome):
    Experience.objects.update(segments=["lost"])
    page = owner.get(reverse("admin:django_microseg_experience_change", args=[welcome.pk])).text
    assert '<option value="lost" selected>lost (gone)</option>' in page


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "now"),
        ({"state": "draft"}, "draft"),
        ({"starts_at": "2999-01-01T10:00Z"}, "from 2999-01-01 10:00 on"),
        ({"ends_at": "2999-01-01T10:00Z"}, "until 2999-01-01 10:00"),
        ({"ends_at": "2000-01-01T10:00Z"}, "over"),
    ],
)
def test_list_says_what_is_shown_at_this_moment(owner, welcome, fields, shown):
    Experience.objects.update(**fields)
    assert f'<td class="field-shown">{shown}</td>' in owner.get(LIST).text


def test_list_takes_no_more_queries_for_more_experiences(owner, welcome, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        owner.get(LIST)
    Experience.objects.bulk_create(Experience(slug=f"e-{n}", name="E", slot="other") for n in range(30))
    with django_assert_num_queries(len(few)):
        owner.get(LIST)


# -- what it shows


@pytest.fixture
def boots() -> Product:
    """The one product of the shop, in the one category."""
    return Product.objects.create(
        slug="ridge-boot",
        sku="B-1",
        name="Ridge Boot",
        category=Category.objects.create(slug="boots", name="Boots"),
        brand=Brand.objects.create(slug="vale", name="Vale"),
        price="98",
        launched_on="2024-01-01",
    )


def _order_form(**changes: object) -> dict[str, object]:
    return _form(kind="order", slot="category-order", content_html="", **changes)


def test_order_keeps_its_keys_as_they_were_typed(owner, boots):
    Category.objects.create(slug="socks", name="Socks")
    owner.post(f"{LIST}add/", _order_form(order_keys=[" socks ", "", "boots", ""]))
    assert Experience.objects.get().order_keys == ["socks", "boots"]
    assert Publication.objects.get().experiences[0]["order_keys"] == ["socks", "boots"]


def test_order_of_categories_names_only_categories_of_the_shop(owner, boots):
    page = owner.post(f"{LIST}add/", _order_form(order_keys=["bootz"])).text
    assert ("The shop has no category “bootz”. It has boots." in page, Experience.objects.count()) == (True, 0)


def test_order_in_another_slot_may_name_anything(owner, boots):
    owner.post(f"{LIST}add/", {**_order_form(order_keys=["vale"]), "slot": "brand-order"})
    assert Experience.objects.get().order_keys == ["vale"]


def test_keys_of_an_order_are_free_where_the_shop_has_told_us_nothing(owner, settings):
    settings.MICROSEG = {}
    owner.post(f"{LIST}add/", _order_form(order_keys=["anything"]))
    assert Experience.objects.get().order_keys == ["anything"]


def test_categories_are_suggested(owner, boots):
    page = owner.get(f"{LIST}add/").text
    assert '<datalist id="id_order_keys_list"><option value="boots">Boots</option></datalist>' in page


def test_promoted_product_may_be_sold_out_but_not_unknown(owner, boots):
    page = owner.post(f"{LIST}add/", _form(product_keys=["ridge-boot", "ridge-bot"])).text
    assert ("The shop has no product “ridge-bot”." in page, Experience.objects.count()) == (True, 0)
    owner.post(f"{LIST}add/", _form(product_keys=["ridge-boot"]))
    assert Experience.objects.get().product_keys == ["ridge-boot"]


def test_products_cannot_be_promoted_where_nobody_knows_the_stock(owner, settings):
    settings.MICROSEG = {}
    page = owner.post(f"{LIST}add/", _form(product_keys=["ridge-boot"])).text
    assert ("the shop&#x27;s products are not known here" in page, Experience.objects.count()) == (True, 0)


def test_slot_holds_experiences_of_one_kind(owner, welcome):
    page = owner.post(f"{LIST}add/", {**_order_form(order_keys=["x"]), "slot": "home-hero", "slug": "order"}).text
    assert "The slot “home-hero” is of the kind “content” for “Welcome”." in page


def test_cart_reminder_needs_no_content_because_its_slot_brings_a_template(owner):
    owner.post(f"{LIST}add/", _form(slot="cart-reminder", content_html=""))
    assert _published() == ["welcome"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Shown to everybody in “home-hero”: now."),
        ({"segments": ["vip"]}, "Shown to members of “Very important” in “home-hero”: now."),
        (
            {"segments": ["vip", "gone"], "match": "all"},
            "Shown to members of “Very important” and “gone” in “home-hero”: now.",
        ),
        ({"state": "paused"}, "Shown to nobody: paused. It is for everybody in “home-hero”."),
    ],
)
def test_page_leads_with_what_it_comes_to(owner, welcome, fields, said):
    Segment.objects.create(slug="vip", name="Very important", state="active")
    Experience.objects.filter(pk=welcome.pk).update(**fields)
    assert said in read(owner.get(f"{LIST}{welcome.pk}/change/").text).words


def test_who_may_edit_is_shown_how_it_looks_and_who_may_only_look_is_not(owner, staff, welcome):
    page = f"{LIST}{welcome.pk}/change/"
    shown = read(owner.get(page).text).all("section", data_url=f"{LIST}preview/")
    assert [each["data-experience"] for each in shown] == [str(welcome.pk)]
    assert read(owner.get(f"{LIST}add/").text).all("section", data_experience="")
    assert not read(staff("view_experience").get(page).text).all("section", data_url=f"{LIST}preview/")


def test_page_takes_no_more_queries_for_more_segments(owner, welcome, django_assert_num_queries):
    for number in range(20):
        Segment.objects.create(slug=f"s-{number}", name=f"Segment {number}", state="active")
    page = f"{LIST}{welcome.pk}/change/"
    with CaptureQueriesContext(connection) as none:
        owner.get(page)
    Experience.objects.filter(pk=welcome.pk).update(segments=[f"s-{number}" for number in range(20)])
    with django_assert_num_queries(len(none)):
        owner.get(page)
