"""Which network a request comes from, and what a made-up header can change about that: nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.collect.network import network_of


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("203.0.113.77:8080", "203.0.113.0/24"),
        ("2001:db8:1:2:3::7", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3::7]:443", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("", ""),
        ("unix:", ""),
        ("999.1.1.1", ""),
    ],
)
def test_network_is_never_a_single_address(peer, network):
    assert network_of(peer, "", trusted_proxies=0) == network


@given(st.text(max_size=60))
def test_without_trusted_proxies_the_header_changes_nothing(made_up):
    assert network_of("203.0.113.77", made_up, trusted_proxies=0) == "203.0.113.0/24"


@given(st.lists(st.ip_addresses().map(str), max_size=4), st.integers(1, 3))
def test_what_a_client_writes_in_front_of_the_proxies_entries_changes_nothing(made_up, proxies):
    added = ["198.51.100.9", *["10.0.0.1"] * (proxies - 1)]
    header = ", ".join([*made_up, *added])
    assert network_of("10.0.0.1", header, trusted_proxies=proxies) == "198.51.100.0/24"


def test_header_with_fewer_entries_than_proxies_is_not_believed():
    assert network_of("10.0.0.1", "198.51.100.9", trusted_proxies=2) == "10.0.0.0/24"
