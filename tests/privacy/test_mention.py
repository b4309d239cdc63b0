from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from django_microseg.privacy.mention import mentions


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("jane@x.com", "mail to jane@x.com please"),
        ("jane@x.com", "Mail=JANE@X.COM&a=1"),
        ("jane@x.com", f"q={quote('jane@x.com', safe='')}"),
        ("jane@x.com", "it was jane@x.com."),
        ("cust-0042", '{"ref": "cust-0042"}'),
        ("jürgen-1", json.dumps({"who": "jürgen-1"})),
        ("ab", '{"customer_id":"ab"}'),
    ],
)
def test_whole_word_is_a_mention(key: str, text: str) -> None:
    assert mentions(ids=(), keys=[key])(text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("jane@x.com", "mary-jane@x.com"),
        ("jane@x.com", "mary.jane@x.com"),
        ("jane@x.com", "jane@x.com.au"),
        ("cust-0042", "cust-00421"),
        ("cust-0042", "my-cust-0042"),
        ("ab", "ab is a word"),
        ("42", '{"customers": [1], "price": 42}'),
    ],
)
def test_part_of_another_word_is_none(key: str, text: str) -> None:
    assert not mentions(ids=(), keys=[key])(text)


def test_random_id_counts_wherever_it_stands() -> None:
    is_mentioned = mentions(ids=["-Zx81_random"], keys=())
    assert is_mentioned("xx-Zx81_randomxx")
    assert not is_mentioned("-Zx81_rando")


def test_nobody_is_mentioned_nowhere() -> None:
    assert not mentions(ids=(), keys=["", ""])("any text")
