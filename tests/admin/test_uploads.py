"""Imports in the admin: columns are guessed and mapped, trying out writes nothing, refused rows are named."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from django_microseg.collect.models import Event
from django_microseg.privacy.erase import erase_customer
from django_microseg.privacy.export import export_customer
from django_microseg.profile.areas.models import Area
from django_microseg.profile.models import Fact, Identity, Profile
from django_microseg.segment import import_file
from django_microseg.segment.uploads.models import Upload
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/upload/"
CRM = (
    "Client ID;E-Mail;Born;Town;Notes\n"
    "17;ada@example.org;1990-05-01;Exeter;x\n"
    "18;;never;Bath;\n"
    "19;cy@example.org;;York;\n"
)
TILL = "Receipt,Card,Date,Total\n1,7700-1,2026-01-05,12.90\n2,7700-9,2026-01-06,5\n"


def _upload(browser: Any, text: str | bytes = CRM, name: str = "crm.csv", **more: str) -> Any:
    content = text.encode() if isinstance(text, str) else text
    given = {"kind": "customers", "source": "crm", "encoding": "utf-8", "time_format": "", **more}
    return browser.post(f"{LIST}add/", {**given, "file": SimpleUploadedFile(name, content)})


def _page() -> str:
    return f"{LIST}{Upload.objects.get().pk}/change/"


def _run(browser: Any, task: str, *names: str) -> Any:
    chosen = {f"column-{place}": name for place, name in enumerate(names)}
    return browser.post(_page(), {"task": task, **chosen}, follow=True)


ALL = ("customer_id", "email", "birthday", "city", "")


def test_columns_are_guessed_and_shown_with_what_stands_in_them(owner: Any) -> None:
    answer = _upload(owner)
    assert (answer.status_code, answer.url) == (302, _page())
    assert Upload.objects.get().mapping == {"customer_id": "Client ID", "email": "E-Mail", "birthday": "Born"}
    words = read(owner.get(_page()).text).words
    assert "Client ID 17, 18, 19" in words
    assert "Exeter, Bath, York" in words


def test_trying_out_judges_every_row_and_writes_nothing(owner: Any) -> None:
    _upload(owner)
    words = read(_run(owner, "check", *ALL).text).words
    assert "Tried out: 3 rows, 1 refused. Nothing was written." in words
    assert "3 18 The fact 'birthday' takes a date" in words
    assert (Fact.objects.count(), Profile.objects.count()) == (0, 0)
    assert Upload.objects.get().mapping["city"] == "Town"


def test_importing_declares_facts_names_refused_rows_and_drops_the_content(owner: Any) -> None:
    _upload(owner)
    words = read(_run(owner, "import", *ALL).text).words
    assert "Imported: 3 rows, 1 refused." in words
    assert "The content of the file is not kept." in words
    rows = set(Fact.objects.values_list("profile__customer_key", "name", "text", "number", "source"))
    assert rows == {
        ("17", "birthday", None, 19900501, "crm"), ("17", "city", "exeter", None, "crm"),
        ("19", "city", "york", None, "crm"),
    }  # fmt: skip
    assert Identity.objects.filter(kind="email").count() == 2
    upload = Upload.objects.get()
    assert (upload.content, upload.rows_read, upload.finished_at is not None) == (None, 3, True)
    refused = owner.get(f"{LIST}{upload.pk}/errors/")
    assert refused["Content-Disposition"].startswith("attachment")
    assert refused.text.splitlines()[1].startswith("3,bad_value,18,")


def test_same_file_again_changes_nothing(owner: Any) -> None:
    for _ in range(2):
        _upload(owner)
        _run(owner, "import", *ALL)
        Upload.objects.all().delete()
    assert Fact.objects.count() == 3


def test_form_of_dates_and_encoding_are_heeded(owner: Any) -> None:
    text = "customer_id,birthday,city\n17,01.05.1990,Zürich\n".encode("cp1252")
    _upload(owner, text, encoding="cp1252", time_format="%d.%m.%Y")
    assert "0 refused" in _run(owner, "import", "customer_id", "birthday", "city").text
    assert set(Fact.objects.values_list("text", "number")) == {(None, 19900501), ("zürich", None)}


def test_orders_of_a_till_are_taken_by_card(owner: Any, happen: Any) -> None:
    happen("page_viewed", customer="ada", path="/")
    Identity.objects.create(kind="loyalty", value="7700-1", profile=Profile.objects.get(), first_seen_at=timezone.now())
    _upload(owner, TILL, name="till.csv", kind="orders", source="till")
    words = read(_run(owner, "import", "order_id", "loyalty_number", "time", "revenue").text).words
    assert "Imported: 2 rows, 1 refused." in words
    assert "Nobody has the card 7700-9" in words
    assert [event.order_key for event in Event.objects.filter(name="order_completed")] == ["1"]


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        (("", "email"), "Say which column is customer_id"),
        (("customer_id", "email", "email"), "Two columns are email: “E-Mail” and “Born”."),
        (("customer_id", "shoe"), "no use for"),
    ],
)
def test_map_that_cannot_be_is_said_and_nothing_is_imported(owner: Any, names: tuple[str, ...], complaint: str) -> None:
    _upload(owner)
    assert complaint in _run(owner, "import", *names).text.replace("&#x27;", "'")
    assert not Fact.objects.exists()
    assert Upload.objects.get().finished_at is None


@pytest.mark.parametrize(
    ("text", "name", "complaint"),
    [
        (CRM, "crm.xlsx", "This is no CSV file by its name"),
        (b"\xff\xfe\x00", "crm.csv", "cannot be read as CSV"),
        ("", "crm.csv", "The submitted file is empty"),
        ("\n\n", "crm.csv", "cannot be read as CSV"),
        (b"a" * 5_000_001, "crm.csv", "more than 5 MB"),
    ],
)
def test_file_that_is_none_is_refused_beside_its_field(owner: Any, text: Any, name: str, complaint: str) -> None:
    assert complaint in _upload(owner, text, name).text
    assert not Upload.objects.exists()


def test_who_may_only_look_imports_nothing_and_others_see_nothing(owner: Any, staff: Any) -> None:
    _upload(owner)
    viewer = staff("view_upload")
    assert "Import</button>" not in viewer.get(_page()).text
    assert _run(viewer, "import", *ALL).status_code == 403
    assert staff("view_profile").get(_page()).status_code == 403
    assert not Fact.objects.exists()


def test_import_that_died_goes_on_where_it_was(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"c{number},Town {number}\n" for number in range(1200))
    _upload(owner, f"customer_id,city\n{rows}")
    whole = import_file.declare_customers
    calls: list[int] = []

    def dies(batch: Any, **how: Any) -> Any:
        calls.append(len(batch))
        if len(calls) == 2:
            raise RuntimeError("power cut")
        return whole(batch, **how)

    monkeypatch.setattr(import_file, "declare_customers", dies)
    with pytest.raises(RuntimeError):
        _run(owner, "import", "customer_id", "city")
    assert Fact.objects.count() == 500
    assert "1,200 rows, 0 refused" in read(_run(owner, "import", "customer_id", "city").text).words
    assert (Fact.objects.count(), calls) == (1200, [500, 500, 500, 200])


@pytest.mark.parametrize(("customer", "stays"), [("17", 0), ("1", 1), ("ada", 1), ("Exeter", 0)])
def test_erasure_takes_a_waiting_file_in_which_somebody_stands(owner: Any, customer: str, stays: int) -> None:
    _upload(owner)
    assert "Born" not in str(export_customer(customer))  # that there is a file, and nothing of it
    erase_customer(customer, now=timezone.now())
    assert Upload.objects.count() == stays


AREAS = "ZIP,Country,Name,Density,Note\nEX4,GB,Exeter,2778.5,x\nEX1,GB,,much,y\n"


def test_areas_are_uploaded_mapped_and_imported(owner: Any) -> None:
    _upload(owner, AREAS, "areas.csv", kind="areas")
    assert Upload.objects.get().mapping == {
        "postcode": "ZIP", "country": "Country", "name": "Name", "density": "Density",
    }  # fmt: skip
    words = read(_run(owner, "import", "postcode", "country", "name", "density", "").text).words
    assert "Imported: 2 rows, 1 refused." in words
    assert "density is no number" in words
    assert [str(area) for area in Area.objects.all()] == ["GB EX4 Exeter"]


def test_areas_without_a_postcode_are_not_imported(owner: Any) -> None:
    _upload(owner, AREAS, "areas.csv", kind="areas")
    answer = _run(owner, "import", "", "country", "name", "density", "")
    assert "Say which column is postcode" in answer.text
    assert not Area.objects.exists()
