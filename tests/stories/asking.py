"""One question with three answers that must agree: the table, every shopper's next page, and a full scan."""

from __future__ import annotations

from django_microseg.segment.refresh import Refreshed, refresh_all
from django_microseg.testing import Story

__all__ = ["who_is_in"]


def who_is_in(story: Story, slug: str) -> set[str]:
    """The shoppers in a segment after a sweep. Only for rules that do not ask for the moment's context."""
    story.sweep()
    stored = story.members(slug)
    assert stored == {shopper.name for shopper in story.shoppers.values() if slug in shopper.segments()}
    assert refresh_all(story.now, by="scan") == Refreshed(len(story.shoppers), 0, 0)
    return stored
