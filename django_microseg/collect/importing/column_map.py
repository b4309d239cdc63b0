"""Which column of a file means what: ``order_id=InvoiceNo,customer_id=CustomerID,…``. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from .errors import WrongColumns

__all__ = ["check_columns", "parse_map", "settle_map"]


def parse_map(text: str) -> dict[str, str]:
    """Our names and the file's, from the text of ``--map``; several are joined by commas."""
    pairs: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, column = (piece.strip() for piece in part.partition("="))
        if not (name and equals and column):
            raise WrongColumns(f"The map has {part!r}: write our_name=their_column, such as order_id=InvoiceNo.")
        if name in pairs:
            raise WrongColumns(f"The map names {name} twice: name it once.")
        pairs[name] = column
    return pairs


def settle_map(
    given: Mapping[str, str],
    columns: Collection[str],
    *,
    known: Collection[str],
    needed: Collection[str],
    one_of: Collection[str] = (),
) -> dict[str, str]:
    """The map in full: columns that bear our names stand for themselves. Raises `WrongColumns`."""
    for name in given:
        if name not in known:
            raise WrongColumns(f"The map has no use for {name!r}. {_did_you_mean(name, known)}")
    check_columns(given.values(), columns)
    settled = {name: name for name in known if name in columns} | dict(given)
    for name in needed:
        if name not in settled:
            raise WrongColumns(
                f"No column is known to be {name}: say --map {name}=COLUMN. The file has {_listed(columns)}."
            )
    if one_of and not set(one_of) & set(settled):
        names = " or ".join(one_of)
        raise WrongColumns(
            f"No column is known to be {names}: say --map {min(one_of)}=COLUMN. The file has {_listed(columns)}."
        )
    return settled


def check_columns(wanted: Collection[str], columns: Collection[str]) -> None:
    """Raise `WrongColumns` unless the file has them all."""
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise WrongColumns(f"The file has no column {_listed(missing)}. It has {_listed(columns)}.")


def _did_you_mean(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"Do you mean {close[0]!r}?" if close else f"It knows {_listed(sorted(known))}."


def _listed(names: Collection[str]) -> str:
    return ", ".join(names) if names else "none"
