"""The example shop's Celery application, for `celery -A example_shop worker` and `celery -A example_shop beat`.

`example_shop/__init__.py` imports it where `REDIS_URL` names a broker; without one the shop runs in one process.
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_shop.settings")

app = Celery("example_shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
