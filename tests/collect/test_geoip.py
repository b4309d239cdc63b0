"""Where a network is: headers first, then a GeoIP database, asked for the network and never for an address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from django_microseg.collect import geoip
from django_microseg.collect.moment import Place, place_of

MUNICH = {
    "country": {"iso_code": "DE"},
    "subdivisions": [{"iso_code": "BY"}],
    "location": {"time_zone": "Europe/Berlin", "latitude": 48.1, "longitude": 11.6},
    "city": {"names": {"en": "Munich"}},
}


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    geoip.forget_database()
    yield
    geoip.forget_database()


@pytest.fixture
def database(tmp_path: Path, settings: Any) -> Path:
    """Knows 81.2.69.0/24 and an IPv6 network; of 81.2.70.0/24 nothing that we could use."""
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="GeoIP2-City")
    writer.insert_network(IPSet(["81.2.69.0/24", "2001:db8:1:2::/64"]), MUNICH)
    writer.insert_network(IPSet(["81.2.70.0/24"]), {"country": "Narnia", "subdivisions": [], "location": 7})
    path = tmp_path / "city.mmdb"
    writer.to_db_file(str(path))
    settings.MICROSEG = {"GEOIP_DATABASE": path}
    return path


def _place(peer: str, **headers: str) -> Place:
    return place_of(RequestFactory(REMOTE_ADDR=peer).get("/", headers=headers))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("peer", ["81.2.69.160", "2001:db8:1:2:3:4:5:6", "::ffff:81.2.69.9"])
def test_network_has_country_region_and_zone(peer: str) -> None:
    assert _place(peer) == Place("DE", "BY", "Europe/Berlin")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("peer", ["81.2.68.1", "81.2.70.1", "2001:db8:1:3::1", "", "no address"])
def test_what_it_does_not_know_is_unknown(peer: str) -> None:
    assert _place(peer) == Place()


@pytest.mark.usefixtures("database")
def test_database_is_asked_for_the_network_and_not_for_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Reader:
        def get(self, address: str) -> Any:
            return asked.append(address)

    monkeypatch.setattr(geoip, "open_database", lambda path: Reader())
    _place("81.2.69.160")
    assert asked == ["81.2.69.0"]


def test_made_up_forwarded_address_moves_nobody(database: Path, settings: Any) -> None:
    assert _place("81.2.68.1", **{"X-Forwarded-For": "81.2.69.1"}) == Place()
    settings.MICROSEG = {"GEOIP_DATABASE": database, "TRUSTED_PROXIES": 1}
    assert _place("10.0.0.1", **{"X-Forwarded-For": "1.1.1.1, 81.2.69.1"}).country == "DE"
    assert _place("10.0.0.1", **{"X-Forwarded-For": "81.2.69.1, 1.1.1.1"}) == Place()


def test_header_wins_and_what_it_leaves_open_is_looked_up_in_the_same_country(database: Path, settings: Any) -> None:
    settings.MICROSEG = {"GEOIP_DATABASE": database, "PLACE_HEADERS": {"country": "CF-IPCountry"}}
    assert _place("81.2.69.1", **{"CF-IPCountry": "DE"}) == Place("DE", "BY", "Europe/Berlin")
    assert _place("81.2.69.1", **{"CF-IPCountry": "FR"}) == Place("FR")
    assert _place("81.2.69.1", **{"CF-IPCountry": "XX"}) == Place("DE", "BY", "Europe/Berlin")


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_database_that_cannot_be_read_leaves_places_unknown(
    content: bytes | None, tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "city.mmdb"
    if content is not None:
        path.write_bytes(content)
    settings.MICROSEG = {"GEOIP_DATABASE": str(path)}
    assert [_place("81.2.69.1"), _place("81.2.70.1")] == [Place(), Place()]
    assert caplog.text.count("cannot be read") == 1  # said once, not for every page
