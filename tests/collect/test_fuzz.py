"""Whatever is sent, judging it ends with rows or a reason, and storing it never fails."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from django_microseg.collect.catalogue import EVENTS
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.reasons import Rejected
from django_microseg.collect.validate import judge
from tests.collect.making import send, terms
from tests.effort import cases

WORDS = sorted({name for event in EVENTS.values() for prop in event.properties for name in (prop.name, *prop.aliases)})
TEXTS = st.text(st.characters(codec=None), max_size=20)
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.datetimes(),
    st.uuids(),
    st.binary(max_size=5),
    TEXTS,
    st.sampled_from(["12.90", "-1", "1e9", "EUR", "jpy", "NaN", "0", "null", "9" * 30, "٣", "1_000", " 5 "]),
)
KEYS = st.sampled_from(WORDS) | TEXTS | st.integers()
JSON = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5))
PRODUCTS = st.lists(st.dictionaries(st.sampled_from(WORDS), PLAIN, max_size=6), max_size=3)
PROPERTIES = st.dictionaries(st.sampled_from(WORDS) | TEXTS, JSON | PRODUCTS, max_size=8)
TIMES = st.none() | st.datetimes() | st.datetimes(timezones=st.timezones()) | JSON
ANYTHING = st.builds(
    IncomingEvent,
    name=st.sampled_from(sorted(EVENTS)) | JSON,
    message_id=JSON,
    occurred_at=TIMES,
    visitor_key=TEXTS | st.just("v-1") | JSON,
    customer_key=st.just("") | JSON,
    visit_key=st.just("") | JSON,
    properties=PROPERTIES | JSON,
    device=TEXTS | JSON,
    country=st.sampled_from(["", "DE", "Germany", "ﬀ"]) | JSON,
    language=TEXTS,
    timezone=st.sampled_from(["Europe/Berlin", "../../etc/passwd", "Nowhere/At_All", "America"]) | JSON,
)


@settings(max_examples=cases(quick=150, ci=500), suppress_health_check=[HealthCheck.too_slow])
@given(ANYTHING)
def test_judging_ends_with_rows_or_a_reason(item):
    with contextlib.suppress(Rejected):
        judge(item, terms())


@settings(max_examples=cases(quick=150, ci=500), suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(EVENTS)), PROPERTIES)
def test_judging_known_properties_of_any_type_ends_with_rows_or_a_reason(name, properties):
    with contextlib.suppress(Rejected):
        judge(IncomingEvent(name, visitor_key="v-1", properties=properties), terms())


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(ANYTHING, max_size=10))
def test_storing_never_fails_and_everything_is_accounted_for(items):
    report = send(*items)
    assert report.received == len(items) == report.stored + report.quarantined + report.duplicates
    again = send(*items)
    assert (again.received, again.stored, again.quarantined) == (len(items), 0, 0)
