"""One web process of the test shop: `python -m tests.doors.serve` prints its port and serves until it is ended."""

from __future__ import annotations

import os
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Tests read only the port."""


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "example_shop.settings"
    django.setup()
    settings.ROOT_URLCONF = "tests.doors.site"
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=QuietHandler) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
