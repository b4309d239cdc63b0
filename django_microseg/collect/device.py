"""Which class of device a User-Agent header stands for, and whether it says it is a machine.

In comes the header, out go a class and a yes or no. ua-parser reads the header once and the answer
is kept, because a shop sees the same few thousand headers again and again. A class that cannot be
told is ``""``, never a guess: iPads that pass as a Mac count as desktop, as they ask to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ua_parser import parse

__all__ = ["DESKTOP", "MOBILE", "TABLET", "Agent", "read_agent"]

MOBILE, TABLET, DESKTOP = "mobile", "tablet", "desktop"

#: Longer headers are cut: no browser sends them, and regular expressions take long over them.
_LONGEST = 400
_TABLETS = re.compile(r"\b(?:iPad|Tablet|Kindle|Silk|PlayBook)\b|Android(?!.*\bMobile\b)", re.ASCII)
_MOBILES = re.compile(r"\b(?:Mobile|iPhone|iPod|Mobi|Opera Mini|IEMobile)\b", re.ASCII)
_SCREENS = frozenset({"Windows", "Mac OS X", "Linux", "Ubuntu", "Chrome OS", "Tizen", "Fedora"})


@dataclass(frozen=True, slots=True)
class Agent:
    """What a User-Agent header tells. ``is_spider`` is ua-parser's own verdict."""

    device: str
    is_spider: bool


def read_agent(user_agent: str) -> Agent:
    """The device class of a User-Agent header; a missing header has none."""
    return _read(user_agent[:_LONGEST])


@lru_cache(maxsize=4096)
def _read(user_agent: str) -> Agent:
    if not user_agent:
        return Agent(device="", is_spider=False)
    parsed = parse(user_agent)
    is_spider = parsed.device is not None and parsed.device.family == "Spider"
    return Agent(_class_of(user_agent, parsed.os.family if parsed.os else ""), is_spider)


def _class_of(user_agent: str, system: str) -> str:
    if _TABLETS.search(user_agent):
        return TABLET
    if _MOBILES.search(user_agent):
        return MOBILE
    return DESKTOP if system in _SCREENS else ""
