"""One way of writing folders and tags, whatever somebody typed; and files that carry both."""

from __future__ import annotations

import pytest
from django.utils import timezone

from django_microseg.segment.files import BadFile, apply_plan, dump_segments, plan_of, read_segments, read_yaml
from django_microseg.segment.filing import ancestors, folder_of, stored_tags, tag_mark, tags_in_words, tags_of
from django_microseg.segment.models import Segment

FILE = """\
format: 1
segments:
- slug: buyers
  name: Buyers
  folder: Retention / Win back
  tags:
  - mail
  - summer
  state: draft
  rule: count("order_completed") >= 1
"""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), ("/", ""), ("A/B", "A / B"), (" A  a / / B ", "A a / B"), ("A / B", "A / B")],
)
def test_folder_has_one_way_of_writing(typed, kept):
    assert (folder_of(typed), folder_of(folder_of(typed))) == (kept, kept)


def test_folder_lies_in_those_above_it():
    assert (list(ancestors("A / B / C")), list(ancestors(""))) == (["A", "A / B", "A / B / C"], [])


def test_tags_are_small_letters_each_once_by_name():
    assert stored_tags(["Summer,  mail", "summer", ""]) == ",mail,summer,"
    assert (stored_tags([]), tags_of(""), tags_in_words(",a,b c,")) == ("", (), "a, b c")


def test_mark_of_a_tag_is_in_no_longer_one():
    assert (tag_mark("Sale") in ",mail,sale,", tag_mark("sale") in ",summer sale,") == (True, False)


@pytest.mark.django_db
def test_file_carries_folder_and_tags_there_and_back():
    apply_plan(plan_of(read_segments(read_yaml(FILE))), now=timezone.now())
    assert Segment.objects.values_list("folder", "tags").get() == ("Retention / Win back", ",mail,summer,")
    assert dump_segments() == FILE
    assert plan_of(read_segments(read_yaml(FILE))).same == ("buyers",)


@pytest.mark.django_db
def test_change_of_folder_or_tags_alone_is_a_change_without_a_new_rule():
    apply_plan(plan_of(read_segments(read_yaml(FILE))), now=timezone.now())
    moved = FILE.replace("Retention / Win back", "Elsewhere").replace("  - mail\n", "")
    plan = plan_of(read_segments(read_yaml(moved)))
    assert dict(plan.changed) == {"buyers": ("folder", "tags")}
    apply_plan(plan, now=timezone.now())
    assert (Segment.objects.get().folder, Segment.objects.get().versions.count()) == ("Elsewhere", 1)


@pytest.mark.django_db
def test_tags_that_are_no_list_are_a_mistake():
    with pytest.raises(BadFile, match="its tags are no list of texts"):
        read_segments(read_yaml(FILE.replace("  tags:\n  - mail\n  - summer\n", "  tags: mail\n")))
