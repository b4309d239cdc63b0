"""The Celery application of the tests: the example shop's, in a corner of the broker that is theirs alone.

`WORKER_TEST_PREFIX` names the corner. Beat, if it is started, sends everything each second.
"""

from __future__ import annotations

import os

from django_microseg.schedule import beat_schedule
from example_shop.celery import app

__all__ = ["app"]

_OPTIONS = app.conf.broker_transport_options
app.conf.broker_transport_options = {**_OPTIONS, "global_keyprefix": os.environ["WORKER_TEST_PREFIX"]}
app.conf.beat_scheduler = "celery.beat:PersistentScheduler"
app.conf.beat_schedule = {name: {**entry, "schedule": 1.0} for name, entry in beat_schedule().items()}
app.conf.beat_max_loop_interval = 0.2
