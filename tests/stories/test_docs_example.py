"""The examples of docs/testing.md work as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

PAGE = Path(__file__).resolve().parents[2] / "docs" / "testing.md"


def _example(number: int) -> dict[str, Any]:
    source = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[number]
    names: dict[str, Any] = {}
    exec(compile(source, PAGE.name, "exec"), names)
    return names


@pytest.mark.django_db
def test_story_of_the_page_runs() -> None:
    _example(0)["test_third_order_in_a_month_makes_a_frequent_buyer"](None)


def test_override_of_the_page_runs(rf: RequestFactory) -> None:
    _example(1)["test_lounge_lets_only_vips_in"](rf)


def test_shop_in_memory_of_the_page_runs() -> None:
    _example(2)["test_boot_sells_out"]()
