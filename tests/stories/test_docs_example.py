"""The example of docs/testing.md works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "testing.md"


@pytest.mark.django_db
def test_example_of_the_page_runs() -> None:
    (source,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(source, PAGE.name, "exec"), names)
    names["test_third_order_in_a_month_makes_a_frequent_buyer"](None)  # type: ignore[operator]
