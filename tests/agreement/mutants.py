"""Planted mistakes: an agreement test that no mutant can fail proves nothing.

`planted` swaps the code of one production function for that of its mutated source, in place, so
that whoever imported the function by name runs the mutant too; on leaving, all is as before. List
the mutants of fold, scan and ruleset in ``PRODUCTION``.
"""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

__all__ = ["PRODUCTION", "Mutant", "planted"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: in ``target`` ("package.module:Class.function") ``old`` becomes ``new``.

    ``old`` must occur exactly once in the function's source. ``caches`` names functions under a
    `functools.cache` ("package.module:function") whose results may come from the target.
    """

    name: str
    target: str
    old: str
    new: str
    caches: tuple[str, ...] = ()


#: To be filled as the evaluators settle. Ten that a good suite must catch:
#: 1. the window's open end included (`t > now - oldest` made `>=`);    2. its closed end left out;
#: 3. a late event folded in instead of refolding;                      4. the tie order without the hash;
#: 5. refunds taken in only inside the window;                          6. a void that counts at its own instant;
#: 7. `top` by the greatest text;                                       8. unknown taken for false under "not";
#: 9. trimmed one timestamp too early (k - 1 kept);                     10. `next_flip` one millisecond late.
PRODUCTION: tuple[Mutant, ...] = ()


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """The mutant lives inside the block."""
    function = _function(_named(mutant.target))
    sound = function.__code__
    function.__code__ = _mutated(mutant, function)
    _clear(mutant.caches)
    try:
        yield
    finally:
        function.__code__ = sound
        _clear(mutant.caches)


def _named(target: str) -> Any:
    module_name, _, path = target.partition(":")
    found: Any = importlib.import_module(module_name)
    for name in path.split("."):
        found = inspect.getattr_static(found, name)
    return found


def _function(found: Any) -> FunctionType:
    """The plain function under properties, class methods and caches."""
    if isinstance(found, property):
        found = found.fget
    elif isinstance(found, functools.cached_property):
        found = found.func
    elif isinstance(found, staticmethod | classmethod):
        found = found.__func__
    plain = inspect.unwrap(found)
    assert isinstance(plain, FunctionType), f"{found!r} is no function"
    return plain


def _mutated(mutant: Mutant, function: FunctionType) -> CodeType:
    lines, first = inspect.getsourcelines(function)
    source = "".join(lines)
    if source.count(mutant.old) != 1:
        raise LookupError(
            f"{mutant.name}: {mutant.old!r} occurs {source.count(mutant.old)} times in {mutant.target}, "
            "not once. The function has changed: find the place again."
        )
    module = inspect.getmodule(function)
    assert module is not None
    whole = inspect.getsource(module).splitlines(keepends=True)
    whole[first - 1 : first - 1 + len(lines)] = [source.replace(mutant.old, mutant.new)]
    compiled = compile("".join(whole), inspect.getfile(function), "exec", dont_inherit=True)
    return next(
        code
        for code in _codes(compiled)
        if code.co_qualname == function.__qualname__ and code.co_firstlineno == function.__code__.co_firstlineno
    )


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


def _clear(caches: tuple[str, ...]) -> None:
    for name in caches:
        _named(name).cache_clear()
