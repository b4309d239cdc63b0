"""The example shop's settings as somebody leaves them who deletes the lines that bring the personalisation app in."""

from __future__ import annotations

from example_shop.settings import *  # noqa: F403
from example_shop.settings import INSTALLED_APPS, MICROSEG, MIDDLEWARE

INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "django_microseg"]
MIDDLEWARE = [path for path in MIDDLEWARE if not path.startswith("django_microseg")]
del MICROSEG
