"""What a chart of the admin says: the answer, a drawing with axes in words, whom it counts and when.

``_figure.html`` shows one, always with its table; ``charts.js`` draws it where there is JavaScript.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .drawing import Bars, Flows, Lines, Matrix, Table

__all__ = ["Figure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a page. ``title`` is the answer; ``basis`` whom it counts, such as “1,234 people”; ``period`` when.

    The table is made of what is drawn; give ``table`` where it should say more.
    """

    slug: str
    title: str
    drawn: Lines | Bars | Matrix | Flows
    basis: str
    period: str
    note: str = ""
    given_table: Table | None = None

    @property
    def table(self) -> Table:
        return self.given_table or self.drawn.table()

    @property
    def data(self) -> dict[str, Any]:
        """What ``charts.js`` reads."""
        label = _("%(title)s. The figures are in the table below.") % {"title": self.title}
        return {"label": label, **self.drawn.drawing()}

    @property
    def data_id(self) -> str:
        return f"figure-{self.slug}-data"
