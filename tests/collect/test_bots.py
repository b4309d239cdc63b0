"""Machines are told from people by real headers: the crawler list and ua-parser's own test cases."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from django_microseg.collect.bots import is_bot, is_document, is_prefetch

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)
#: Browsers of today among ua-parser's families; those of dead telephones and bare apps are left out.
FAMILIES = {
    "Chrome", "Chrome Mobile", "Chrome Mobile iOS", "Chrome Mobile WebView", "Chromium", "Edge",
    "Edge Mobile", "Firefox", "Firefox Mobile", "Firefox iOS", "Firefox Focus", "IE", "Mobile Safari",
    "Mobile Safari UI/WKWebView", "Opera", "Opera Mini", "Opera Mobile", "Samsung Internet", "Vivaldi",
    "UC Browser", "Yandex Browser", "DuckDuckGo Mobile", "Ecosia iOS", "Instagram", "HuaweiBrowser",
}  # fmt: skip


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36",
        "python-requests/2.32.3",
        "curl/8.5.0",
        "SomethingUnheardOf/1.0",
    ],
)
def test_machine_is_told(agent):
    assert is_bot(agent)


@pytest.mark.parametrize(
    "agent",
    [
        "",
        CHROME,
        "Mozilla/5.0 (Linux; U; Android 4.2.1; en-gb; CUBOT ONE Build/JOP40D) AppleWebKit/534.30 Mobile Safari/534.30",
        "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
    ],
)
def test_person_is_no_machine(agent):
    assert not is_bot(agent)


@pytest.mark.realdata
def test_ninety_nine_of_a_hundred_known_crawlers_are_told(microseg_data: Path):
    listed = json.loads(gzip.decompress((microseg_data / "crawler_user_agents.json.gz").read_bytes()))
    agents = [agent for entry in listed for agent in entry["instances"]]
    assert sum(map(is_bot, agents)) >= 0.99 * len(agents)


@pytest.mark.realdata
def test_no_browser_of_today_is_taken_for_a_machine(microseg_data: Path):
    lines = gzip.decompress((microseg_data / "uap_test_ua.yaml.gz").read_bytes()).decode().splitlines()
    assert [agent for agent in _browsers(lines) if is_bot(agent)] == []


def _browsers(lines: list[str]) -> list[str]:
    """The headers of the families above. The file's two keys each stand on a line of their own."""
    found, agent = [], ""
    for line in lines:
        key, _, value = line.strip().removeprefix("- ").partition(": ")
        if key == "user_agent_string":
            agent = value.strip("'\"")
        elif key == "family" and value.strip("'\"") in FAMILIES and "Web Preview" not in agent:
            found.append(agent)
    assert len(found) > 100
    return found


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
    ],
)
def test_prefetch_is_told(headers):
    assert is_prefetch(headers)


def test_ordinary_request_is_no_prefetch():
    assert not is_prefetch({"Accept": "text/html"})


@pytest.mark.parametrize(
    ("headers", "is_page"),
    [
        ({}, True),
        ({"Sec-Fetch-Dest": "document"}, True),
        ({"Sec-Fetch-Dest": "empty"}, False),
        ({"Sec-Fetch-Dest": "iframe"}, False),
        ({"X-Requested-With": "XMLHttpRequest"}, False),
    ],
)
def test_part_of_a_page_is_no_page(headers, is_page):
    assert is_document(headers) is is_page
