from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from django_microseg.privacy.export import export, export_customer
from django_microseg.privacy.registry import tables
from django_microseg.profile.merge import unmerge
from django_microseg.profile.models import Merge, Profile
from tests.privacy.lives import NOW, live

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cache")]

JANE = {"customer_key": "jane-7711", "visitor_keys": ["jane-phone-8f2c", "jane-desk-11aa"], "email": "jane@x.com"}
JOHN = {"customer_key": "john-42", "visitor_keys": ["john-phone-77de"], "email": "john@x.com"}


def stored() -> dict[str, list[int]]:
    return {entry.table: sorted(entry.model._default_manager.values_list("pk", flat=True)) for entry in tables()}


def exported(everything: dict[str, Any]) -> dict[str, list[int]]:
    return {table: sorted(row["id"] for row in rows) for table, rows in everything["tables"].items()}


def test_every_row_of_every_registered_table_is_handed_out() -> None:
    live(**JANE)
    everything = export_customer("jane-7711")
    assert exported(everything) == stored()
    assert [table for table, rows in stored().items() if not rows] == []


def test_every_column_is_handed_out_as_it_is_stored() -> None:
    live(**JANE)
    profile = Profile.objects.get(customer_key="jane-7711")
    [row] = [
        row for row in export_customer("jane-7711")["tables"]["django_microseg_profile"] if row["id"] == profile.pk
    ]
    assert set(row) == {field.attname for field in Profile._meta.concrete_fields}
    assert (row["key"], row["customer_key"]) == (profile.key, "jane-7711")


def test_nothing_of_the_neighbour_is_handed_out() -> None:
    live(**JOHN), live(**JANE)
    text = json.dumps(export_customer("jane-7711", words=["jane@x.com"]), cls=DjangoJSONEncoder)
    assert "john" not in text
    assert "jane-phone-8f2c" in text


def test_visitor_whose_merge_was_undone_is_not_handed_out() -> None:
    live(**JANE)
    unmerge(Merge.objects.get(visitor_keys=["jane-desk-11aa"]), now=NOW)
    text = json.dumps(export_customer("jane-7711"), cls=DjangoJSONEncoder)
    assert "jane-desk-11aa" not in text


def test_caches_are_handed_out_by_key() -> None:
    live(**JANE)
    assert set(export_customer("jane-7711")["caches"]["shared cache"]) == {
        "microseg:1:view:jane-phone-8f2c",
        "microseg:1:view:jane-desk-11aa",
    }


def test_profile_and_customer_key_lead_to_the_same_export() -> None:
    jane = live(**JANE)
    assert export(jane) == export_customer("jane-7711")


def test_unknown_customer_has_empty_tables() -> None:
    live(**JOHN)
    everything = export_customer("jane-7711")
    assert set(map(len, everything["tables"].values())) == {0}
    assert everything["visitor_keys"] == []
