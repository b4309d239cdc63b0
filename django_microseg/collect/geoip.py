"""Where a network is, by a GeoIP database on this machine (``MICROSEG["GEOIP_DATABASE"]``, a .mmdb file).

Asked is the network (/24 of IPv4, /64 of IPv6), never the address of one visitor, and nothing is sent anywhere.
Country, region and time zone are read; towns and coordinates are not.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

from django_microseg import conf

__all__ = ["forget_database", "open_database", "place_in_database"]

_log = logging.getLogger(__name__)


def place_in_database(network: str) -> dict[str, str]:
    """``country``, ``region`` and ``timezone`` of a network as `network_of` gives it, as far as they are known."""
    path = conf.get("GEOIP_DATABASE")
    if path is None or not network:
        return {}
    return dict(_found(str(path), network))


@lru_cache(maxsize=8192)
def _found(path: str, network: str) -> tuple[tuple[str, str], ...]:
    reader = _reader(path)
    if reader is None:
        return ()
    try:
        record: Any = reader.get(network.partition("/")[0])
    except ValueError:  # IPv6 in a database of IPv4, or a damaged file
        return ()
    parts = {
        "country": _at(record, "country", "iso_code"),
        "region": _at(record, "subdivisions", 0, "iso_code"),
        "timezone": _at(record, "location", "time_zone"),
    }
    return tuple((name, value) for name, value in parts.items() if isinstance(value, str) and value)


@lru_cache(maxsize=2)
def _reader(path: str) -> Any:
    """The open database; None, said once, if there is none to open."""
    try:
        return open_database(path)
    except Exception as error:  # noqa: BLE001 - pages are served without a place
        _log.error(
            "The GeoIP database %s cannot be read (%r): places are unknown. Put it there and restart.", path, error
        )
        return None


def open_database(path: Any) -> Any:
    """A reader of the file. Raises ImportError without the extra [geo], or what a file that is none brings about."""
    import maxminddb

    return maxminddb.open_database(str(path))


def forget_database() -> None:
    """Open the file anew."""
    _found.cache_clear()
    _reader.cache_clear()


def _at(record: Any, *steps: str | int) -> Any:
    """A part of a record, or None. Records are written by others."""
    for step in steps:
        try:
            record = record[step]
        except (KeyError, IndexError, TypeError):
            return None
    return record
