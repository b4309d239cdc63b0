"""Segments as a file that people review: written from what stands in the database, read, compared and put in force.

A file is YAML, one entry for each segment, its rule as text. What is equal is left alone; nothing that a file does not
name is touched, and neither is what it says is frozen. A file with a mistake changes nothing. It may also hold personas
(`personas`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Subquery

from .errors import InvalidRule
from .filing import folder_of, stored_tags, tags_of
from .frozen import is_frozen, list_of
from .json_form import from_json, to_json
from .models import Segment, SegmentVersion
from .publish import activate, pause, save_definition
from .rule import Rule
from .text import find_errors, parse, render
from .validate import segments_used, validate
from .versions import newest_of
from .vocabulary import build_vocabulary, segment_uses

__all__ = [
    "BadFile",
    "FileSegment",
    "Plan",
    "apply_plan",
    "dump_segments",
    "frozen_in",
    "plan_of",
    "read_segments",
    "read_yaml",
]

FORMAT = 1
_STATES = (Segment.State.ACTIVE, Segment.State.DRAFT, Segment.State.PAUSED)
_KEYS = frozenset({"slug", "name", "description", "folder", "tags", "owner", "purpose", "state", "rule", "frozen"})


class BadFile(ValueError):
    """A file that cannot be read, or one with mistakes: each a sentence."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class FileSegment:
    """A segment as a file says it."""

    slug: str
    name: str
    rule: Rule
    description: str = ""
    state: str = Segment.State.ACTIVE.value
    folder: str = ""
    tags: tuple[str, ...] = ()
    # None: the file does not say, so it stays
    owner: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do: slugs that are new, those with what changes in each, and those that stay as they are."""

    segments: tuple[FileSegment, ...]
    new: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    same: tuple[str, ...]
    managed_by: str = ""


# -- writing


def dump_segments(slugs: Iterable[str] = (), personas: Sequence[Mapping[str, Any]] = ()) -> str:
    """The segments (all but archived ones, if none is named) as YAML, by slug; with the entries of personas."""
    wanted = set(slugs)
    rows = Segment.objects.exclude(state=Segment.State.ARCHIVED).order_by("slug")
    if wanted:
        rows = rows.filter(slug__in=wanted)
    rules = _newest_rules(rows)
    entries = [_entry(row, rules[row.pk]) for row in rows if row.pk in rules]
    data: dict[str, Any] = {"format": FORMAT, "segments": entries}
    if personas:
        data["personas"] = list(personas)
    text: str = _yaml().dump(data, sort_keys=False, allow_unicode=True, width=110, default_flow_style=False)
    return text


def _entry(row: Segment, rule: Mapping[str, Any]) -> dict[str, Any]:
    said = {"slug": row.slug, "name": row.name, "description": row.description, "folder": row.folder,
            "tags": list(tags_of(row.tags)), "owner": row.owner, "purpose": row.purpose,
            "state": row.state}  # fmt: skip
    # who is on the list of a frozen segment is in no file
    how = {"frozen": rule["rule"]["value"]} if list_of(rule) else {"rule": render(from_json(rule))}
    return {**{key: value for key, value in said.items() if value}, **how}


def _newest_rules(rows: Iterable[Segment]) -> dict[int, Mapping[str, Any]]:
    """The rule of each that was saved last, in one statement."""
    own = Subquery(newest_of("segment").values("pk")[:1])
    newest = SegmentVersion.objects.filter(pk=own, segment__in=[row.pk for row in rows])
    return dict(newest.values_list("segment", "rule"))


# -- reading


def read_yaml(text: str) -> dict[str, Any]:
    """The file's mapping. Raises `BadFile`."""
    yaml = _yaml()
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadFile(f"The file is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadFile(f"The file begins with `format: {FORMAT}`: write one with microseg_dump to see the form.")
    unknown = sorted(set(map(str, data)) - {"format", "segments", "personas"})
    if unknown:
        raise BadFile(f"The file has {', '.join(unknown)}: it knows segments and personas.")
    return data


def read_segments(data: Mapping[str, Any]) -> tuple[FileSegment, ...]:
    """The segments of a file, each judged by what the shop knows. Raises `BadFile` with every mistake."""
    entries = data.get("segments", [])
    if not isinstance(entries, list):
        raise BadFile("`segments` is no list: write one entry for each, beginning with a hyphen.")
    found, problems = _read_all(entries)
    if not problems:
        problems = _judge(found)
    if problems:
        raise BadFile(*problems)
    return tuple(found)


def frozen_in(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The segments that a file names as frozen: they are left alone."""
    return tuple(str(entry["slug"]) for entry in data.get("segments", []) if _says_frozen(entry))


def _says_frozen(entry: Any) -> bool:
    return isinstance(entry, dict) and "frozen" in entry


def _read_all(entries: Sequence[Any]) -> tuple[list[FileSegment], list[str]]:
    found: list[FileSegment] = []
    frozen = _frozen_here()
    problems = []
    for number, entry in enumerate(entries, start=1):
        try:
            if _says_frozen(entry):
                _check_frozen(entry)
                continue
            segment = _read(entry)
            if segment.slug in frozen:
                raise BadFile("it is frozen here. Unfreeze it in the admin first, or take it out of the file.")
            if any(segment.slug == other.slug for other in found):
                raise BadFile("it stands in the file twice.")
            found.append(segment)
        except (BadFile, InvalidRule) as error:
            slug = entry.get("slug") if isinstance(entry, dict) else None
            problems.append(f"{slug or f'Segment {number}'}: {error}")
    return found, problems


def _frozen_here() -> frozenset[str]:
    rows = SegmentVersion.objects.filter(state=SegmentVersion.State.LIVE, rule__rule__fact__startswith="frozen_")
    return frozenset(row.segment.slug for row in rows.select_related("segment") if is_frozen(row))


def _check_frozen(entry: Mapping[str, Any]) -> None:
    if "rule" in entry:
        raise BadFile("it is frozen and has a rule: keep one of the two.")
    if not Segment.objects.filter(slug=str(entry.get("slug"))).exists():
        raise BadFile("it is frozen, and who is in it stands in no file. Write a rule in place of `frozen`.")


def _read(entry: Any) -> FileSegment:
    if not isinstance(entry, dict):
        raise BadFile("it is no mapping: give slug, name and rule.")
    unknown = sorted(set(map(str, entry)) - _KEYS)
    missing = [key for key in ("slug", "name", "rule") if not isinstance(entry.get(key), str) or not entry[key].strip()]
    if unknown or missing:
        raise BadFile(
            f"it lacks {', '.join(missing)}." if missing else f"it has {', '.join(unknown)}, which nothing reads."
        )
    state = entry.get("state", Segment.State.ACTIVE.value)
    if state not in [each.value for each in _STATES]:
        raise BadFile(f"its state is {state!r}: write {', '.join(each.value for each in _STATES)}.")
    made = FileSegment(
        entry["slug"], entry["name"].strip(), parse(entry["rule"]), str(entry.get("description") or ""), state,
        folder_of(str(entry.get("folder") or "")), _tags(entry.get("tags") or []),
        *(str(entry[key] or "") if key in entry else None for key in ("owner", "purpose")),
    )  # fmt: skip
    _check_fields(made)
    return made


def _tags(said: Any) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(tag, str) for tag in said):
        raise BadFile("its tags are no list of texts: write them as [one, another].")
    return tags_of(",".join(said))


def _check_fields(made: FileSegment) -> None:
    row = Segment(
        slug=made.slug, name=made.name, description=made.description, folder=made.folder, tags=stored_tags(made.tags),
        owner=made.owner or "", purpose=made.purpose or "",
    )  # fmt: skip
    try:
        row.full_clean(exclude=["state"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise BadFile(" ".join(error.messages)) from None


def _judge(found: Sequence[FileSegment]) -> list[str]:
    """What is wrong with each rule, among the segments that there will be."""
    uses = {**segment_uses(), **{each.slug: segments_used(each.rule) for each in found}}
    vocabulary = build_vocabulary(uses)
    problems = []
    for each in found:
        errors = find_errors(render(each.rule), vocabulary)
        if errors:
            problems.append(f"{each.slug}: {errors[0]}")
            continue
        found_here = validate(each.rule, vocabulary, slug=each.slug)
        problems += [f"{each.slug}: {problem.full_message}" for problem in found_here]
    return problems


# -- putting in force


def plan_of(segments: Sequence[FileSegment], *, managed_by: str = "") -> Plan:
    """What would change. Writes nothing. ``managed_by`` names the file that the segments belong to from then on."""
    rows = {row.slug: row for row in Segment.objects.filter(slug__in=[each.slug for each in segments])}
    rules = _newest_rules(rows.values())
    known = [(rows[each.slug], each) for each in segments if each.slug in rows]
    changed = {each.slug: _differences(row, rules.get(row.pk), each, managed_by) for row, each in known}
    return Plan(
        tuple(segments),
        tuple(each.slug for each in segments if each.slug not in rows),
        {slug: what for slug, what in changed.items() if what},
        tuple(slug for slug, what in changed.items() if not what),
        managed_by,
    )


def _differences(row: Segment, rule: Mapping[str, Any] | None, said: FileSegment, managed_by: str) -> tuple[str, ...]:
    pairs = (("name", row.name, said.name), ("description", row.description, said.description),
             ("folder", row.folder, said.folder), ("tags", row.tags, stored_tags(said.tags)),
             ("owner", row.owner, said.owner), ("purpose", row.purpose, said.purpose),
             ("managed by", row.managed_by, managed_by), ("state", row.state, said.state))  # fmt: skip
    found = [name for name, old, new in pairs if new is not None and old != new]
    return (*found, "rule") if rule != to_json(said.rule) else tuple(found)


def apply_plan(plan: Plan, *, now: dt.datetime, author: str = "", note: str = "") -> None:
    """Do it. Rules are prepared beside the old ones and go live in one step; then segments are paused that shall be."""
    touched = [each for each in plan.segments if each.slug in plan.changed or each.slug in plan.new]
    with transaction.atomic():
        rows = {each.slug: _write(each, plan, now=now, author=author, note=note) for each in touched}
    activate([rows[each.slug] for each in touched if _goes_live(each, plan)], now=now)
    for each in touched:
        row = Segment.objects.get(slug=each.slug)
        if each.state != Segment.State.ACTIVE and row.state != each.state:
            pause(row, now=now, state=each.state)


def _write(said: FileSegment, plan: Plan, *, now: dt.datetime, author: str, note: str) -> Segment:
    row, is_new = Segment.objects.get_or_create(slug=said.slug, defaults={"name": said.name})
    row.name, row.description = said.name, said.description
    row.folder, row.tags = said.folder, stored_tags(said.tags)
    row.owner = row.owner if said.owner is None else said.owner
    row.purpose = row.purpose if said.purpose is None else said.purpose
    row.managed_by = plan.managed_by
    row.save(update_fields=["name", "description", "folder", "tags", "owner", "purpose", "managed_by"])
    if is_new or "rule" in plan.changed.get(said.slug, ()):
        save_definition(row, to_json(said.rule), now=now, author=author, note=note[:200])
    return row


def _goes_live(said: FileSegment, plan: Plan) -> bool:
    what = plan.changed.get(said.slug, ("rule",))
    return said.state == Segment.State.ACTIVE and bool({"rule", "state"} & set(what))


def _yaml() -> Any:
    import yaml  # the extra [files]

    return yaml
