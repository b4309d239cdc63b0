"""How a visitor came to the shop: the channel, the campaign and the site that sent them.

Plain values in and out. Campaign parameters say it best, click ids of advertisers next, and the
referring site last; a link inside the shop says nothing. Channels follow GA4's default groups,
pooled to what a shop acts upon.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

__all__ = ["CHANNELS", "Arrival", "read_arrival"]

CHANNELS = (
    "direct", "search", "ads", "social", "email", "push", "affiliate", "referral", "campaign",
)  # fmt: skip

_SOCIAL = re.compile(
    r"(?:^|\.)(?:facebook|fb|instagram|ig|threads|twitter|x|t|tiktok|pinterest|pin|linkedin|lnkd|"
    r"reddit|snapchat|youtube|youtu|whatsapp|wa|telegram|mastodon|bsky|tumblr|vk|xing|weibo|"
    r"wechat|quora|twitch|discord)(?:\.|$)"
)
_SEARCH = re.compile(
    r"(?:^|\.)(?:google|bing|duckduckgo|yahoo|ecosia|qwant|baidu|yandex|startpage|brave|kagi|"
    r"naver|seznam|sogou|perplexity)(?:\.|$)"
)
_MAIL = re.compile(r"^(?:mail|webmail|outlook|com\.google\.android\.gm)\.")
_MEDIUMS = {
    "social": r"social|sm$|smm|influencer",
    "email": r"e-?mail|newsletter",
    "push": r"push|notification|sms",
    "affiliate": r"affiliate|partner",
    "ads": r"cpc|ppc|cpm|cpv|paid|display|banner|retargeting|shopping|ads?$",
    "search": r"organic",
    "referral": r"referral",
}
_CLICK_IDS = {
    "fbclid": "social", "gclid": "ads", "wbraid": "ads", "gbraid": "ads", "msclkid": "ads", "dclid": "ads",
    "ttclid": "social", "twclid": "social", "li_fat_id": "social", "epik": "social",
    "mc_eid": "email",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a request came in. Empty text is unknown: a link inside the shop knows nothing."""

    channel: str = ""
    campaign: str = ""
    referrer: str = ""

    @property
    def is_campaign(self) -> bool:
        """Whether it says something newer than how the visit began."""
        return bool(self.campaign) or self.channel not in ("", "direct", "referral")


def read_arrival(query: Mapping[str, str], referrer: str, own_host: str) -> Arrival:
    """From the query of the address, the referring address and the shop's own host."""
    host = _host_of(referrer)
    if host == own_host.partition(":")[0].lower():
        host = ""
    campaign = _clean(query.get("utm_campaign", ""), 200)
    channel = _channel_of(query, host)
    if not channel and not referrer:
        channel = "direct"
    return Arrival(channel, campaign, host)


def _channel_of(query: Mapping[str, str], referring_host: str) -> str:
    source = _clean(query.get("utm_source", ""), 100)
    medium = _clean(query.get("utm_medium", ""), 100)
    if source or medium:
        return _tagged(source, medium)
    for name, channel in _CLICK_IDS.items():
        if name in query:
            return channel
    return _referred(referring_host) if referring_host else ""


def _tagged(source: str, medium: str) -> str:
    if _SOCIAL.search(source):
        return "social"
    for channel, pattern in _MEDIUMS.items():
        if re.search(pattern, medium):
            return channel
    return _referred(source) if _SEARCH.search(source) else "campaign"


def _referred(host: str) -> str:
    if _MAIL.search(host):
        return "email"
    if _SOCIAL.search(host):
        return "social"
    return "search" if _SEARCH.search(host) else "referral"


def _host_of(address: str) -> str:
    try:
        return _clean(urlsplit(address).hostname or "", 100)
    except ValueError:
        return ""


def _clean(text: str, longest: int) -> str:
    """Case-folded, without what no database takes, and short."""
    printable = "".join(letter for letter in text if letter.isprintable())
    return printable.strip().casefold()[:longest]
