"""Tries the installed package with nothing beside its core dependencies: import, checks, migrations.

Run it from a folder outside the repository, so that it meets the wheel and not the sources.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import include, path

EXTRAS = ("celery", "rest_framework", "pandas", "sklearn", "scipy", "duckdb", "pyarrow", "rich", "psycopg")


def main() -> int:
    present = [name for name in EXTRAS if find_spec(name)]
    if present:
        print(f"Not a bare environment: {', '.join(present)} can be imported.", file=sys.stderr)
        return 1
    settings.configure(
        SECRET_KEY="smoke",
        USE_TZ=True,
        ROOT_URLCONF=__name__,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_microseg"],
        MIDDLEWARE=["django_microseg.middleware.MicrosegMiddleware"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    urlpatterns.append(path("microseg/", include("django_microseg.urls")))
    call_command("check")
    call_command("migrate", verbosity=0)
    import django_microseg

    print(f"django_microseg {django_microseg.__version__} works on Django {django.__version__}, bare.")
    return 0


urlpatterns: list[Any] = []

if __name__ == "__main__":
    sys.exit(main())
