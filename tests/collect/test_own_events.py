"""The shop's own events: MICROSEG["EVENTS"]."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from django_microseg.collect.catalogue import EVENTS
from django_microseg.collect.event_type import EventType
from django_microseg.collect.events import catalogue
from django_microseg.collect.models import Event
from tests.collect.making import event, reasons, send

CONFIGURED = {
    "summary": "A shelf was configured.",
    "properties": {
        "product_id": "key",
        "brand": "text",
        "material": "text",
        "boards": {"kind": "number", "is_required": True},
        "price": "money",
    },
    "measure": "boards",
    "value_from": ["price"],
    "aliases": ["shelf_done"],
    "is_public": True,
}


@pytest.fixture
def _own(settings):
    settings.MICROSEG = {"EVENTS": {"shelf_configured": CONFIGURED}}


@pytest.mark.usefixtures("_own")
def test_an_own_event_stands_beside_the_standard_ones():
    ours = catalogue()
    assert ours.events.keys() == {*EVENTS, "shelf_configured"}
    assert ours.canonical_name("Shelf Done") == "shelf_configured"
    assert "shelf_configured" in ours.groups["any"]


@pytest.mark.usefixtures("_own")
def test_its_texts_are_columns_or_labels_of_their_own_name():
    fields = catalogue().filter_fields("shelf_configured")
    kinds = {name: fields[name].kind for name in ("product", "brand", "material", "boards", "value")}
    assert kinds == {"product": "key", "brand": "text", "material": "label", "boards": "measure", "value": "money"}


@pytest.mark.django_db
@pytest.mark.usefixtures("_own")
def test_it_is_stored_and_judged_like_any_other():
    good = {"product_id": 7, "brand": "Ivar", "material": "Oak", "boards": "4", "price": 12.5}
    report = send(event("Shelf Done", good), event("shelf_configured", {"material": "oak"}))
    assert (report.stored, report.quarantined) == (1, 1)
    row = Event.objects.get()
    assert (row.name, row.product_key, row.brand, row.measure) == ("shelf_configured", "7", "ivar", 4000)
    assert (row.labels, row.value_minor) == ("|material=oak|", 1250)
    assert reasons() == ["missing_property"]


def test_without_the_setting_nobody_knows_it():
    assert catalogue().event_type("shelf_configured") is None


def test_an_event_type_may_be_given_as_such(settings):
    settings.MICROSEG = {"EVENTS": {"bell_rung": EventType("bell_rung", "The bell rang.")}}
    assert catalogue().event_names("bell_rung") == {"bell_rung"}


WRONG = {
    "taken": ({"order_completed": {}}, "already names"),
    "taken alias": ({"bought": {"aliases": ["purchase"]}}, "already names"),
    "group": ({"cart_changed": {}}, "already names"),
    "bad name": ({"Bell Rung": {}}, "no name for an event"),
    "unknown word": ({"bell": {"sumary": "x"}}, "has sumary"),
    "unknown kind": ({"bell": {"properties": {"loud": "decibel"}}}, "needs a kind"),
    "unknown word of property": ({"bell": {"properties": {"loud": {"kind": "text", "size": 1}}}}, "has size"),
    "measure of text": ({"bell": {"properties": {"loud": "text"}, "measure": "loud"}}, "measures 'loud'"),
    "label of a column": ({"bell": {"properties": {"x": {"kind": "text", "label": "country"}}}}, "name of a column"),
    "column of another kind": ({"bell": {"properties": {"x": {"kind": "number", "column": "brand"}}}}, "cannot keep"),
    "key of no column": ({"bell": {"properties": {"x": "key"}}}, "cannot keep"),
    "value of no money": ({"bell": {"properties": {"x": "text"}, "value_from": ["x"]}}, "takes its value from x"),
    "foreign lines": ({"bell": {"lines": "product_purchased"}}, "only its own name"),
    "two names": ({"bell": EventType("ring", "x.")}, "holds the event 'ring'"),
}


@pytest.mark.parametrize(("events", "words"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_refused_with_a_reason(settings, events, words):
    settings.MICROSEG = {"EVENTS": events}
    with pytest.raises(ImproperlyConfigured, match=words):
        catalogue()
