"""Segments by decree, for tests of a shop's own pages: whoever asks is in exactly these.

    with override_segments("vip"):
        assert "Thank you" in client.get("/").text

No rule, no history and no consent is needed, and the segments need not even exist. It holds for the
thread or task that entered it, nests, and gives back what was before.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Any, TypeVar, cast

from ..decide.pretend import pretended

__all__ = ["SegmentsOverride", "override_segments"]

_Target = TypeVar("_Target", bound=Callable[..., Any])
#: What `unittest` runs around the tests of a class and may make requests too.
_AROUND = ("setUp", "tearDown", "asyncSetUp", "asyncTearDown")


class SegmentsOverride:
    """What `override_segments` gives: a context manager that also decorates functions and classes."""

    def __init__(self, slugs: frozenset[str]) -> None:
        self._slugs = slugs
        self._before: list[frozenset[str] | None] = []

    def __enter__(self) -> SegmentsOverride:
        self._before.append(pretended.get())
        pretended.set(self._slugs)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pretended.set(self._before.pop())

    def __call__(self, target: _Target) -> _Target:
        """Decorate a function, an async function, or the tests of a class."""
        if isinstance(target, type):
            self._decorate_class(target)
            return target
        return self._decorate(target)

    def _decorate(self, function: _Target) -> _Target:
        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            with SegmentsOverride(self._slugs):
                return function(*args, **kwargs)

        @wraps(function)
        async def run_async(*args: Any, **kwargs: Any) -> Any:
            with SegmentsOverride(self._slugs):
                return await function(*args, **kwargs)

        return cast("_Target", run_async if inspect.iscoroutinefunction(function) else run)

    def _decorate_class(self, tests: type) -> None:
        for name in dir(tests):
            found = inspect.getattr_static(tests, name)
            if inspect.isfunction(found) and (name.startswith("test") or name in _AROUND):
                setattr(tests, name, self._decorate(found))


def override_segments(*slugs: str) -> SegmentsOverride:
    """Whoever makes a request within is in exactly these segments; in none, without any."""
    given: tuple[object, ...] = slugs
    wrong = [slug for slug in given if not isinstance(slug, str) or not slug]
    if wrong:
        raise TypeError(
            f"override_segments takes the slugs of segments, not {wrong[0]!r}: override_segments"
            '("vip", "returning"). As a decorator it needs its parentheses.'
        )
    return SegmentsOverride(frozenset(slugs))
