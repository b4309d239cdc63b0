"""What may be wrong with a mapping, as a frozen value that errors and system checks are made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["Problem", "Wrong"]


class Wrong(Enum):
    """Kinds of problems. The last two leave the mapping usable."""

    UNKNOWN = "an unknown section or key"
    MISSING = "something required is missing"
    NO_MODEL = "a model that does not exist"
    NOWHERE = "a path that does not lead anywhere"
    UNFIT = "a value that does not fit"
    AMBIGUOUS = "a key that several rows may share"
    NO_ADDRESS = "an address that the shop does not have"


@dataclass(frozen=True, slots=True)
class Problem:
    """``where`` is the place in the mapping, such as ``product.title``; ``text`` a sentence without its end."""

    wrong: Wrong
    where: str
    text: str
    advice: str = ""

    @property
    def is_error(self) -> bool:
        return self.wrong not in (Wrong.AMBIGUOUS, Wrong.NO_ADDRESS)
