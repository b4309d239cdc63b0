"""A small real shop that shows django_microseg at work. It uses only documented names."""

import os
from importlib.util import find_spec

__all__: list[str] = []

if os.environ.get("REDIS_URL") and find_spec("celery"):
    from example_shop.celery import app as celery_app

    __all__ += ["celery_app"]
