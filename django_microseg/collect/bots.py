"""Whether a request is a person looking at a page, or a machine, a preview or a prefetch.

In come the method and the headers of a request, out goes a yes or no. What is not counted here
never becomes an event, enters no segment and always sees the default content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from .device import read_agent

__all__ = ["is_bot", "is_document", "is_prefetch"]

#: What the header of a browser holds. The makers are those of telephones that had browsers first.
_BROWSERS = re.compile(
    r"mozilla/\d|opera|browser|ucweb|^(?:nokia|blackberry|samsung|sonyericsson|lg[-/]|mot-|docomo/"
    r"|kddi-|vodafone/|j-phone/|softbank/|htc|zte|huawei|lenovo|alcatel|sec-|sharp|sanyo|panasonic"
    r"|palm|pinterest for|instagram \d|snapchat/|\[fban)",
    re.ASCII,
)
#: Words by which machines name themselves. "Cubot" is a maker of telephones, hence the look-behind.
_MACHINES = re.compile(
    # An address to write to, or a page that explains the visit: only machines leave one.
    r"https?:|www\.|@[a-z]|[a-z0-9]\.(?:com|co|io|org|info|fr|gy)\b"
    r"|\(compatible(?!; (?:msie|windows|konqueror|googletoolbar))|; compatible"
    # What they do.
    r"|(?<!cu)bot(?![a-z])|(?<!cu)bot[a-z]*[/;_-]|crawl|spider|slurp|scrap|scan(?!dinavia)|fetch"
    r"|archiv|validat|verif|monitor|check|analy[sz]|index|preview|probe|agent\b|search(?!browser)"
    r"|grab|research|\bseo|inspect|insight|finder|harden|security|favicon"
    # What drives them.
    r"|headless|phantomjs|puppeteer|playwright|selenium|lighthouse|pagespeed|gtmetrix|pingdom|ptst"
    # Who sends them.
    r"|facebookexternal|meta-external|whatsapp/|mediapartners|google-|-google|googleother|chatgpt"
    r"|gpt|manus-|anthropic|claude|perplexity|cohere|statuscake|site24x7|uptime|newrelic|datadog|datanyze"
    r"|collapsify|silktide|dareboost|outbrain|hotjar|linktiger|foregenix|newsai|watchtowr"
    # What they are written with.
    r"|python|httpx|urllib|curl|wget|libwww|jakarta|okhttp|go-http|node-fetch|axios|undici|guzzle"
    r"|httpclient|\bphp|\bruby|\bperl|java/1\.|postman|insomnia|powershell|nutch|larbin|openvas",
    re.ASCII,
)


@lru_cache(maxsize=4096)
def _names_itself(user_agent: str) -> bool:
    text = user_agent.lower()
    return bool(text) and (not _BROWSERS.search(text) or bool(_MACHINES.search(text)))


def is_bot(user_agent: str) -> bool:
    """Whether a User-Agent header belongs to a machine. A missing header proves nothing."""
    return _names_itself(user_agent[:400]) or read_agent(user_agent).is_spider


def is_prefetch(headers: Mapping[str, str]) -> bool:
    """Whether the browser fetches ahead of a click that may never come (prefetch, prerender)."""
    purposes = (headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return any("prefetch" in text or "preview" in text for text in purposes)


def is_document(headers: Mapping[str, str]) -> bool:
    """Whether the answer becomes the page itself, not a part that a script or a frame asked for."""
    destination = headers.get("Sec-Fetch-Dest", "document")
    return destination == "document" and headers.get("X-Requested-With") != "XMLHttpRequest"
