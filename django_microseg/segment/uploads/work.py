"""Reads an uploaded file, guesses what its columns mean, tries it out and imports it.

Trying out judges every row and writes nothing. Importing again goes on where an import that died had come to, and
stores nothing twice. The rows refused are kept as CSV with the upload, until it goes.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ...collect.importing.error_file import ErrorFile
from ...collect.importing.errors import ImportStopped
from ...collect.importing.options import Options
from ...collect.importing.report import ImportReport
from ...collect.importing.table import Table, open_table
from ..import_file import import_file, known_names
from .models import Upload

__all__ = ["Column", "guess_map", "read_columns", "run_upload"]

_SAMPLES = 3
_NAME = "upload.csv"
#: Other words for our names, as systems and people write them.
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "customer_id": ("customer", "customerid", "customernumber", "clientid", "id", "userid", "externalid", "contactid"),
    "email": ("mail", "emailaddress"),
    "loyalty_number": ("card", "cardnumber", "loyaltycard", "loyaltyid", "memberid", "membershipnumber"),
    "birthday": ("birthdate", "dateofbirth", "dob", "born"),
    "customer_since": ("createdat", "created", "signupdate", "registeredat", "registered"),
    "postcode": ("zip", "zipcode", "postalcode", "plz", "postal", "prefix"),
    "population": ("people", "inhabitants", "residents"),
    "density": ("populationdensity", "peopleperkm2", "perkm2"),
    "growth": ("growthpercent", "populationgrowth"),
    "event": ("eventname", "action", "type"),
    "visitor_id": ("anonymousid", "visitor", "cookieid"),
    "message_id": ("messageid", "eventid"),
    "order_id": ("order", "orderid", "ordernumber", "invoice", "invoiceno", "receipt", "receiptnumber"),
    "time": ("date", "orderdate", "orderedat", "timestamp", "placedat", "invoicedate", "datetime"),
    "sku": ("productid", "product", "article", "stockcode", "item"),
    "name": ("productname", "description", "title"),
    "quantity": ("qty", "amount", "pieces"),
    "price": ("unitprice", "itemprice"),
    "revenue": ("total", "ordertotal", "subtotal", "sum"),
    "coupon": ("couponcode", "discountcode", "voucher"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file, and what stands in its first rows."""

    name: str
    samples: tuple[str, ...]


class _Counted:
    """Says on the upload how many rows were read, for whoever looks at it meanwhile."""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self._rows = 0

    def begin(self, stage: str, total: int | None) -> None:
        self._rows = 0

    def advance(self, number: int) -> None:
        self._rows += number
        Upload.objects.filter(pk=self._upload.pk).update(rows_read=self._rows)


def read_columns(upload: Upload) -> tuple[Column, ...]:
    """The columns with samples. Raises `ImportStopped`."""
    with _opened(upload) as (_, table):
        rows = [cells for _, (_, cells) in zip(range(_SAMPLES), table.rows(table.columns), strict=False)]
    return tuple(
        Column(name, tuple(str(cells[place]) for cells in rows if cells[place] != ""))
        for place, name in enumerate(table.columns)
    )


def guess_map(columns: Sequence[str], kind: str) -> dict[str, str]:
    """Our names to the file's, where a column bears our name or a usual word for it; each column once."""
    plain = {_plain(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for name in known_names(kind):
        for word in (_plain(name), *_SYNONYMS.get(name, ())):
            if word in plain and plain[word] not in found.values():
                found[name] = plain[word]
                break
    return found


def run_upload(upload: Upload, *, is_dry_run: bool, now: dt.datetime) -> ImportReport:
    """Try an upload out, or import it. Raises `ImportStopped` and what the database raises."""
    target = io.StringIO(newline="")
    with _opened(upload) as (path, table):
        how = Options(source=upload.source, is_dry_run=is_dry_run, progress=_Counted(upload))
        report = import_file(
            path, table, how, ErrorFile(target),
            file_format=upload.kind, given=upload.mapping, time_format=upload.time_format, now=now,
        )  # fmt: skip
    upload.report, upload.rows_read = report.to_json(), report.total
    upload.errors = target.getvalue() if report.errors else ""
    if not is_dry_run:
        upload.finished_at, upload.content = now, None
    upload.save()
    return report


@contextmanager
def _opened(upload: Upload) -> Iterator[tuple[Path, Table]]:
    """The file on the disk, always by the same name and time, so that an import that died knows it again."""
    if upload.content is None:
        raise ImportStopped("The file was imported, and its content is gone. Upload it again.")
    with TemporaryDirectory(prefix="microseg-") as folder:
        path = Path(folder) / _NAME
        path.write_bytes(bytes(upload.content))
        moment = upload.uploaded_at.timestamp()
        os.utime(path, (moment, moment))
        yield path, open_table(path, encoding=upload.encoding)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
