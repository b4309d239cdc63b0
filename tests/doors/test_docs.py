"""The pages about settings and checks say what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from django_microseg.checks.findings import FINDINGS
from django_microseg.conf import DEFAULTS
from django_microseg.templatetags.microseg import register
from scripts.docs_checks import checks_page
from scripts.docs_settings import settings_page

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(("name", "page"), [("settings.md", settings_page), ("checks.md", checks_page)])
def test_page_is_what_the_code_says_now(name, page):
    assert (DOCS / name).read_text(encoding="utf-8") == page()


def test_every_setting_has_a_section():
    assert [name for name in DEFAULTS if f"\n## `{name}`\n" not in settings_page()] == []


def test_every_check_has_a_section():
    assert [each.full_id for each in FINDINGS if f"\n## `{each.full_id}` (" not in checks_page()] == []


def test_every_tag_is_on_the_page_about_templates():
    page = (DOCS / "templates.md").read_text(encoding="utf-8")
    assert [name for name in register.tags if f"{{% {name}" not in page] == []
