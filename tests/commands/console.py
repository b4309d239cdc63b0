"""Runs a command as a console would, and gives what it said or how it refused."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

__all__ = ["refusal", "say", "say_json"]


def say(command: str, *arguments: object, **options: Any) -> str:
    """What it printed."""
    said = io.StringIO()
    call_command(command, *map(str, arguments), stdout=said, **options)
    return said.getvalue()


def say_json(command: str, *arguments: object) -> Any:
    """What it printed with ``--json``."""
    return json.loads(say(command, *arguments, "--json"))


def refusal(command: str, *arguments: object) -> tuple[int, str]:
    """The exit code and the sentence of a command that ends badly."""
    with pytest.raises(CommandError) as caught:
        call_command(command, *map(str, arguments), stdout=io.StringIO())
    return caught.value.returncode, str(caught.value)
