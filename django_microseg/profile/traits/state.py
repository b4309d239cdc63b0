"""The state of a profile: what its stores hold, and how that is written to a column.

The bytes are MessagePack of a small array; `Plan.version` stands beside them on the row, because
a state means nothing without the plan that it was made for.
"""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["ComparedRow", "FactRow", "State", "dump_state", "load_state"]

#: text, number, valid_from, valid_until of one fact, as on `profile.models.Fact`.
FactRow = tuple[str | None, int | None, int, int | None]
#: population fact, digest of the trait, value, and until when time leaves that value alone.
ComparedRow = tuple[str, str, float, int | None]


class State(msgspec.Struct, array_like=True):
    """``as_of``: the state answers for no earlier instant. ``valid_until``: nor for this or later.

    ``last_key`` is the greatest order key applied; ``records`` stand in the order of the plan's
    stores; ``facts`` holds, by name, every known row in the order of validity; ``compared`` is what
    `ComparedValue` was last told.
    """

    as_of: int
    last_key: tuple[int, str, str, int]
    valid_until: int | None
    facts: dict[str, list[FactRow]]
    records: list[Any]
    compared: list[ComparedRow] = []


def dump_state(state: State) -> bytes:
    return _encoder.encode(state)


def load_state(data: bytes | memoryview) -> State:
    return _decoder.decode(data)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(State, strict=False)
