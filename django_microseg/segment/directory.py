"""Every segment's name, folder and tags, read in one statement: for sentences, filters and suggestions of the admin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from .filing import ancestors, tags_of
from .models import Segment

__all__ = ["Directory", "read_directory"]


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
