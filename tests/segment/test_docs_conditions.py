"""docs/conditions.md is what the registries say, and every rule and program on it works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from django_microseg.segment.aggregates import AGGREGATES
from django_microseg.segment.conditions import condition_types, expand_custom, unregister_condition
from django_microseg.segment.context_catalogue import CONTEXTS
from django_microseg.segment.presets import PRESETS
from django_microseg.segment.text import find_errors, parse, render
from scripts.docs_conditions import conditions_page
from tests.segment.words import vocabulary

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conditions.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```rule\n(.+?)\n```$", TEXT, re.MULTILINE | re.DOTALL)
CELLS = re.findall(r"\| `([^`]+)` \|$", TEXT, re.MULTILINE)


def test_page_is_up_to_date() -> None:
    assert conditions_page() == TEXT, "run: python scripts/docs_conditions.py"


@pytest.mark.parametrize("rule", [*BLOCKS, *CELLS])
def test_every_rule_on_the_page_is_valid(rule: str) -> None:
    assert find_errors(rule, vocabulary()) == []


def test_page_has_an_example_of_everything() -> None:
    assert len(BLOCKS) >= len(PRESETS) + 2
    assert len(CELLS) >= len(AGGREGATES) + len(CONTEXTS) + len(vocabulary().facts) + 4 + 8 + 3


def test_program_on_the_page_registers_its_condition() -> None:
    (program,) = re.findall(r"^```python\n(.+?)\n```$", TEXT, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    try:
        exec(program, names)
        assert set(condition_types()) == {"bought_category"}
        rule = expand_custom(parse('bought_category(category="boots", at_least=3)'))
    finally:
        unregister_condition("bought_category")
    assert render(rule) == 'count("product_purchased", where(category="boots")) >= 3'
