"""When something that a test needs cannot be had: skip it with a word, or fail where nothing may be left out."""

from __future__ import annotations

from typing import NoReturn

import pytest

__all__ = ["absent"]


def absent(config: pytest.Config, reason: str) -> NoReturn:
    if config.getoption("--require-servers"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
