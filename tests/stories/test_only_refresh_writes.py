"""Only `refresh()` writes memberships: no other line of the package changes a row or a snapshot.

The source of every module is walked. A writer is a call that creates, changes or deletes by way of `Membership` or a
profile's ``memberships``; an assignment or argument that sets what refresh alone may set on a profile; a statement in
SQL that does either; and whoever imports the functions that write. One exception has a name: an erasure removes a
person whole, by the registry of `privacy.handlers`, and writes nothing.
"""

from __future__ import annotations

import ast
import re
import traceback
from pathlib import Path

import pytest
from django.db import connection

import django_microseg
from django_microseg.testing import Story, days

PACKAGE = Path(django_microseg.__file__).parent
#: Where memberships are written, as the design has it.
WRITERS = frozenset(f"segment/{name}.py" for name in ("refresh", "membership", "bulk", "publish"))
CHANGING = frozenset(
    {"create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save", "add"}
    | {"set", "remove", "clear", "acreate", "aupdate", "adelete", "asave", "abulk_create", "_raw_delete"}
)
#: What refresh alone sets on a profile. A bare ``dirty_since`` asks for a refresh and may be set by anybody.
OWN_COLUMNS = frozenset({"snapshot", "needs_version", "ruleset_version", "next_flip", "is_over_cap"})
WRITING = frozenset({"write_evaluated", "insert_rows"})
TABLE = re.compile(
    r"(?:insert\s+into|delete\s+from|update)\s+\S*microseg_membership\b"
    r"|update\s[^;]*microseg_profile[^;]*\bset\b[^;]*\b(?:snapshot|next_flip|needs_version)\b",
    re.IGNORECASE,
)


def writes_in(source: str) -> list[int]:
    """The lines that write memberships, by the look of them."""
    tree = ast.parse(source)
    names = _names_for_members(tree)
    return sorted({node.lineno for node in ast.walk(tree) if _writes(node, names)})


def _names_for_members(tree: ast.Module) -> set[str]:
    """`Membership` under all the names that a module gives it, and variables that hold its rows."""
    names = {"Membership", "memberships"}
    for _ in range(3):
        for node in ast.walk(tree):
            if isinstance(node, ast.alias) and node.name == "Membership" and node.asname:
                names.add(node.asname)
            if isinstance(node, ast.Assign) and _mentions(node.value, names):
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            if isinstance(node, ast.For) and _mentions(node.iter, names) and isinstance(node.target, ast.Name):
                names.add(node.target.id)
    return names


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(
        (isinstance(part, ast.Name) and part.id in names) or (isinstance(part, ast.Attribute) and part.attr in names)
        for part in ast.walk(node)
    )


def _writes(node: ast.AST, names: set[str]) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="Membership")):
            return True
        case ast.Call(func=ast.Attribute(value=receiver, attr=attr)) if attr in CHANGING and _mentions(receiver, names):
            return True
        case ast.Call(func=ast.Attribute(attr="update"), keywords=keywords):
            return bool({keyword.arg for keyword in keywords} & OWN_COLUMNS)
        case ast.Call(func=ast.Name(id="Profile"), keywords=keywords):
            return bool({keyword.arg for keyword in keywords} & OWN_COLUMNS)
        case ast.Assign(targets=targets):
            return any(isinstance(each, ast.Attribute) and each.attr == "snapshot" for each in targets)
        case ast.ImportFrom(names=imported):
            return any(alias.name in WRITING for alias in imported)
        case ast.keyword(arg="update_fields", value=value):
            return bool({c.value for c in ast.walk(value) if isinstance(c, ast.Constant)} & OWN_COLUMNS)
        case ast.Constant(value=str(text)):
            return bool(TABLE.search(text))
    return False


def test_no_module_but_refresh_and_its_hands_writes_memberships() -> None:
    modules = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
    found = {
        path.relative_to(PACKAGE).as_posix(): lines for path in modules if (lines := writes_in(path.read_text("utf-8")))
    }
    assert len(modules) > 150
    assert set(found) - WRITERS == set(), found


@pytest.mark.parametrize("module", sorted(WRITERS - {"segment/bulk.py"}))
def test_walk_finds_the_writers_that_there_are(module: str) -> None:
    """`bulk` inserts rows of any model and names none, so the walk finds those who call it."""
    assert writes_in((PACKAGE / module).read_text("utf-8"))


@pytest.mark.parametrize(
    "planted",
    [
        "Membership(profile=p, segment=s, definition=d, since=now).save()",
        "Membership.objects.create(profile=p)",
        "Membership._default_manager.filter(profile=p).exclude(segment=s).delete()",
        "rows = Membership.objects.filter(profile=p)\nrows.update(since=now)",
        "for row in Membership.objects.all():\n    row.delete()",
        "from .models import Membership as M\nM.objects.bulk_create(rows)",
        "profile.memberships.all().delete()",
        "segment.memberships.add(row)",
        "profile.snapshot = b''",
        "Profile.objects.filter(pk=1).update(snapshot=None)",
        "Profile.objects.filter(pk=1).update(next_flip=None)",
        "profile.save(update_fields=['snapshot'])",
        "Profile(customer_key='ann', snapshot=b'')",
        "from .membership import write_evaluated",
        "from .bulk import insert_rows",
        "cursor.execute('DELETE FROM django_microseg_membership WHERE id = 1')",
        "cursor.execute('insert into \"django_microseg_membership\" (since) values (1)')",
        "cursor.execute('UPDATE django_microseg_profile SET snapshot = NULL')",
    ],
)
def test_walk_finds_a_planted_writer(planted: str) -> None:
    assert writes_in(planted)


@pytest.mark.parametrize(
    "innocent",
    [
        "Membership.objects.filter(profile=p).count()",
        "members = Membership.objects.filter(profile=p)\nseen.update(other)",
        "old = read_snapshot(profile.snapshot)",
        "Profile.objects.filter(pk=1).update(dirty_since=now)",
        "segment.save(update_fields=['state', 'live_version'])",
        "Segment.objects.filter(pk=1).update(state='live')",
        "from .membership import read_snapshot",
    ],
)
def test_walk_leaves_readers_alone(innocent: str) -> None:
    assert writes_in(innocent) == []


def test_every_statement_that_changes_memberships_in_a_story_comes_from_refresh_or_publishing(story: Story) -> None:
    """The same, seen at work: who stands in the call stack when a row of the table is written."""
    callers: set[bool] = set()

    def watch(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        if re.match(r'(?:INSERT INTO|DELETE FROM|UPDATE) "django_microseg_membership"', sql):
            files = {Path(frame.filename).name for frame in traceback.extract_stack()}
            callers.add(bool(files & {"refresh.py", "publish.py"}))
        return execute(sql, params, many, context)  # type: ignore[operator]

    with connection.execute_wrapper(watch):
        story.preset("frequent-buyers", orders=1)
        story.shopper("ann").buys(total=20, at=days(-1)).declares(gender="female")
        story.wait(days(40))
        story.sweep()
        story.preset("frequent-buyers", orders=1, days=60)
    assert story.members("frequent-buyers") == {"ann"}
    assert callers == {True}
