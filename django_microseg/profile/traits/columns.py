"""Which properties of an event rules may ask for, and where they are kept.

A pure table: the name used in rules, the attribute of `EventRecord`, the column of the table and
how values are written. Whatever is not here is a label, or the event's measure.
"""

from __future__ import annotations

from dataclasses import dataclass

from .definition import Number

__all__ = ["COLUMNS", "MEASURE", "Column", "column_of"]


@dataclass(frozen=True, slots=True)
class Column:
    """``kind``: text (case-folded), key (as is), number, money or measure."""

    name: str
    kind: str
    attribute: str
    db_column: str

    @property
    def is_text(self) -> bool:
        return self.kind in ("text", "key")


def _same(name: str, kind: str) -> Column:
    return Column(name, kind, name, name)


MEASURE = _same("measure", "measure")

COLUMNS = {
    column.name: column
    for column in (
        *(
            _same(name, "text")
            for name in (
                "category", "brand", "coupon", "channel", "campaign",
                "device", "country", "region", "language",
            )
        ),
        Column("product", "key", "product_key", "product_key"),
        Column("order", "key", "order_key", "order_key"),
        Column("visit", "key", "visit_key", "visit_key"),
        _same("source", "key"),
        *(_same(name, "number") for name in ("local_hour", "local_weekday", "quantity")),
        Column("value", "money", "value", "value_base_minor"),
    )
}  # fmt: skip


def column_of(name: str, values: tuple[str | Number, ...] = ()) -> Column | None:
    """The column behind a name in a rule; None means a label.

    A name that is no column is the event's measure when it is compared with numbers, or aggregated
    (then ``values`` is empty).
    """
    if name in COLUMNS:
        return COLUMNS[name]
    return None if any(isinstance(value, str) for value in values) else MEASURE
