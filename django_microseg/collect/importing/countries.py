"""Countries as shops write them, and their ISO 3166 codes. Pure data; a name that is not here has no code."""

from __future__ import annotations

__all__ = ["country_code"]

_CODES = {
    "australia": "AU", "austria": "AT", "bahrain": "BH", "belgium": "BE", "brazil": "BR", "bulgaria": "BG",
    "canada": "CA", "china": "CN", "croatia": "HR", "cyprus": "CY", "czech republic": "CZ", "czechia": "CZ",
    "denmark": "DK", "eire": "IE", "england": "GB", "estonia": "EE", "finland": "FI", "france": "FR",
    "germany": "DE", "great britain": "GB", "greece": "GR", "hong kong": "HK", "hungary": "HU", "iceland": "IS",
    "india": "IN", "ireland": "IE", "israel": "IL", "italy": "IT", "japan": "JP", "korea": "KR", "latvia": "LV",
    "lebanon": "LB", "lithuania": "LT", "luxembourg": "LU", "malta": "MT", "mexico": "MX", "netherlands": "NL",
    "new zealand": "NZ", "nigeria": "NG", "northern ireland": "GB", "norway": "NO", "poland": "PL",
    "portugal": "PT", "romania": "RO", "rsa": "ZA", "saudi arabia": "SA", "scotland": "GB", "singapore": "SG",
    "slovakia": "SK", "slovenia": "SI", "south africa": "ZA", "spain": "ES", "sweden": "SE", "switzerland": "CH",
    "thailand": "TH", "turkey": "TR", "uk": "GB", "united arab emirates": "AE", "united kingdom": "GB",
    "united states": "US", "united states of america": "US", "usa": "US", "wales": "GB",
}  # fmt: skip
_NOWHERE = frozenset({"", "unspecified", "unknown", "n/a", "none", "-"})


def country_code(name: str) -> str:
    """Two letters where the name is known, else the name as it stands; empty for none at all."""
    folded = name.strip().casefold()
    if folded in _NOWHERE:
        return ""
    return _CODES.get(folded) or name.strip()
