"""A story as text, for whoever likes to write one: YAML, or JSON without PyYAML. Mistakes come with their line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from django.utils.translation import gettext as _

from ..files import BadFile
from .models import FORMAT
from .story import WrongStory

__all__ = ["is_yaml", "line_of", "read_text", "story_text"]

_PARTS = ("events", "facts", "context")


def is_yaml() -> bool:
    """Whether stories are written as YAML here."""
    return find_spec("yaml") is not None


def story_text(story: Mapping[str, Any]) -> str:
    """The story as somebody edits it; what is empty is left out."""
    said = {part: story[part] for part in _PARTS if story.get(part)}
    if not is_yaml():
        return json.dumps(said, indent=2, ensure_ascii=False)
    text: str = _yaml().dump(said, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    return text if said else ""


def read_text(text: str) -> dict[str, Any]:
    """The story that a text tells, in plain JSON. Raises `BadFile` with the line of the mistake."""
    data = _parsed(text) if text.strip() else {}
    if not isinstance(data, dict):
        raise BadFile(_("This is no story: begin with “events:”, and a line with a hyphen for each event."))
    strange = sorted(set(map(str, data)) - set(_PARTS))
    if strange:
        raise BadFile(_("A story has events, facts and context; nothing reads “%s”.") % ", ".join(strange))
    parts = {part: data.get(part) or ([] if part == "events" else {}) for part in _PARTS}
    found: dict[str, Any] = json.loads(json.dumps({"format": FORMAT, **parts}, default=str))
    return found


def line_of(text: str, error: WrongStory) -> int | None:
    """The line, from 1 on, of what a mistake speaks of."""
    if not is_yaml() or not error.part:
        return None
    part = _child(_yaml().compose(text, Loader=_yaml().SafeLoader), error.part)
    node = part if error.place is None else _child(part, error.place) or part
    return None if node is None else int(node.start_mark.line) + 1


def _child(node: Any, key: int | str) -> Any:
    """The node below, by its place in a list or its name in a mapping."""
    found = getattr(node, "value", None)
    if not isinstance(found, list):
        return None
    if isinstance(key, int):
        return found[key] if key < len(found) else None
    return next((value for name, value in (e for e in found if isinstance(e, tuple)) if name.value == key), None)


def _parsed(text: str) -> Any:
    if not is_yaml():
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise BadFile(
                _("Line %(line)s: this is no JSON: %(why)s.") % {"line": error.lineno, "why": error.msg}
            ) from None
    yaml = _yaml()
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = str(getattr(error, "problem", None) or error)
        line = mark.line + 1 if mark is not None else 1
        raise BadFile(_("Line %(line)s: this is no YAML: %(why)s.") % {"line": line, "why": why}) from None


def _yaml() -> Any:
    import yaml  # the extra [files]

    return yaml
