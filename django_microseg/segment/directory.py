"""Every segment's name, folder and tags, read in one statement: for sentences, filters and suggestions of the admin.

And what a search looks at and a filter by folder or tag means, in the admin and in the API.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from .filing import ancestors, folder_of, tag_mark, tags_of
from .models import Segment

__all__ = ["SEARCHED", "Directory", "has_tag", "lies_in", "read_directory"]

SEARCHED = ("slug", "name", "description", "folder", "tags")


@dataclass(frozen=True, slots=True)
class Directory:
    """Names by slug; how many segments lie in each folder, and in those below it; how many have each tag."""

    names: Mapping[str, str]
    folders: Mapping[str, int]
    tags: Mapping[str, int]


def read_directory() -> Directory:
    names: dict[str, str] = {}
    folders: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    for slug, name, folder, stored in Segment.objects.values_list("slug", "name", "folder", "tags"):
        names[slug] = name
        folders.update(ancestors(folder))
        tags.update(tags_of(stored))
    return Directory(names, dict(sorted(folders.items())), dict(sorted(tags.items())))


def lies_in(folder: str) -> Q:
    """Segments in this folder, or in one below it."""
    path = folder_of(folder)
    return Q(folder=path) | Q(folder__startswith=f"{path} / ")


def has_tag(tag: str) -> Q:
    return Q(tags__contains=tag_mark(tag))
