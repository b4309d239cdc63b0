"""A body is one JSON value in UTF-8, or a problem that says where it is not."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.http.json_text import read_json
from django_microseg.http.problem import Problem

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_as_json_is_read_as_it_was(value):
    assert read_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=80))
def test_whatever_else_is_sent_is_a_problem_and_no_other_fault(body):
    with suppress(Problem):
        read_json(body)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "at character 0"),
        (b"{", "at character 1"),
        (b'{"a": NaN}', "NaN is no JSON"),
        (b"-Infinity", "-Infinity is no JSON"),
        (b'{"a": 1, "a": 2}', "a key stands twice"),
        (b"\xff\xfe", "byte 0 is no UTF-8"),
        (b"1" * 5000, "too many digits"),
        (b"[" * 100_000, "nested too deeply"),
    ],
    ids=range(8),
)
def test_fault_is_named_and_nothing_of_the_body_is_repeated(body, why):
    with pytest.raises(Problem) as caught:
        read_json(body)
    assert why in caught.value.detail
