"""The weather provider against a server of the test's own that answers as Open-Meteo does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from django_microseg.collect.surroundings.renew import Weather
from django_microseg.contrib import open_meteo

MUNICH, VIENNA = (48.14, 11.58), (48.21, 16.37)


def _said(code: float, degrees: float) -> dict[str, Any]:
    return {"latitude": 48.1, "current": {"time": "2026-01-01T12:00", "weather_code": code, "temperature_2m": degrees}}


@pytest.fixture
def service(settings: Any) -> Iterator[Callable[..., list[str]]]:
    """Answers as it is told; gives the addresses that it was asked for."""
    asked: list[str] = []
    answer: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer[-1])

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.OPEN_METEO_URL = f"http://127.0.0.1:{server.server_address[1]}/v1/forecast"

    def answers(said: Any) -> list[str]:
        answer.append(said if isinstance(said, bytes) else json.dumps(said).encode())
        return asked

    yield answers
    server.shutdown()
    thread.join()
    server.server_close()


def test_all_places_are_asked_for_in_one_request(service: Any) -> None:
    asked = service([_said(61, 7.4), _said(0, -2.0)])
    assert open_meteo.read({"DE-BY": MUNICH, "AT": VIENNA}) == {
        "DE-BY": Weather("rain", 7.4),
        "AT": Weather("clear", -2),
    }
    (address,) = asked
    assert parse_qs(urlsplit(address).query) == {
        "latitude": ["48.14,48.21"],
        "longitude": ["11.58,16.37"],
        "current": ["temperature_2m,weather_code"],
    }


@pytest.mark.parametrize(
    ("code", "kind"),
    [(0, "clear"), (1, "clear"), (2, "cloudy"), (3, "cloudy"), (45, "cloudy"), (51, "rain"), (65, "rain"),
     (71, "snow"), (77, "snow"), (80, "rain"), (86, "snow"), (95, "rain")],
)  # fmt: skip
def test_codes_of_the_wmo_become_our_four_kinds(service: Any, code: int, kind: str) -> None:
    service(_said(code, 1.0))
    assert open_meteo.read({"AT": VIENNA})["AT"].kind == kind


@pytest.mark.parametrize("said", [b"<html>", {"error": True}, {"current": {"weather_code": None}}, []])
def test_answer_that_is_no_weather_is_an_error(service: Any, said: Any) -> None:
    service(said)
    with pytest.raises(ValueError, match=r".+"):
        open_meteo.read({"AT": VIENNA})


def test_service_that_is_not_there_is_an_error(settings: Any) -> None:
    settings.OPEN_METEO_URL = "http://127.0.0.1:9/"
    with pytest.raises(OSError, match=r".+"):
        open_meteo.read({"AT": VIENNA})


def test_address_that_is_no_web_address_is_refused(settings: Any) -> None:
    settings.OPEN_METEO_URL = "file:///etc/passwd"
    with pytest.raises(ValueError, match="begins with https"):
        open_meteo.read({"AT": VIENNA})
