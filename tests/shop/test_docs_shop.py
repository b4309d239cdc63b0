"""docs/shop.md names every key of the mapping, and its examples are what the code takes."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from django_microseg.shop.adapter import ShopAdapter
from django_microseg.shop.mapping.judge import judge
from django_microseg.shop.mapping.problem import Wrong
from django_microseg.shop.mapping.table import LINES, SECTIONS, URLS, Entry
from django_microseg.testing import AdapterContract
from django_microseg.testing.contract.hooks import Hooks

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "shop.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def chapter(title: str) -> str:
    """The text below a heading, to the next one."""
    return TEXT.partition(f"\n### {title}\n")[2].partition("\n#")[0]


@pytest.mark.parametrize(
    ("title", "entries"),
    [(f"`{name}`", entries) for name, entries in SECTIONS.items()] + [("Lines of carts and orders", LINES)],
)
def test_every_key_is_described(title: str, entries: tuple[Entry, ...]) -> None:
    text = chapter(title)
    marked = {entry.name: f"**`{entry.name}`**" if entry.is_required else f"`{entry.name}`" for entry in entries}
    assert [name for name, mark in marked.items() if mark not in text] == []


def test_pages_and_methods_are_described() -> None:
    methods = [name for name in vars(ShopAdapter) if not name.startswith("_") and name != "product"]
    assert [name for name in methods if f"`{name}(" not in TEXT] == []
    assert [page for page in URLS if f"`{page}`" not in chapter("`urls` and `amounts`")] == []


def test_mapping_of_the_page_lacks_nothing_but_its_models() -> None:
    setting: Any = ast.literal_eval(EXAMPLES[0].partition("MICROSEG = ")[2])
    assert {problem.wrong for problem in judge(setting["SHOP"])} == {Wrong.NO_MODEL}


def test_contract_of_the_page_fills_every_hook() -> None:
    (example,) = [each for each in EXAMPLES if "AdapterContract" in each]
    written = re.findall(r"def (\w+)\(", example)
    needed = [name for name in vars(Hooks) if name in ("sell_out", "fill_cart", "empty_cart", "cancel_order")]
    needed += [name for name in vars(Hooks) if name.startswith("make_") and name != "make_user"]
    assert sorted(written) == sorted(needed)
    assert [name for name in vars(Hooks) if name.startswith("has_") and f"`{name}`" not in TEXT] == []
    assert issubclass(AdapterContract, Hooks)
