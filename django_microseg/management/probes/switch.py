"""Is personalisation stopped for everybody?"""

from __future__ import annotations

import datetime as dt

from django_microseg.decide.switch import current_stop

from .finding import Finding, ill, well

__all__ = ["probe_switch"]


def probe_switch(now: dt.datetime) -> Finding:
    """A stop that somebody forgot looks like segments that do not work."""
    stop = current_stop()
    if stop is None:
        return well("switch", "personalisation runs")
    since = "" if stop.at is None else f" since {stop.at:%Y-%m-%d %H:%M} UTC"
    by, note = stop.by and f" by {stop.by}", stop.note and f" ({stop.note})"
    return ill("switch", f"personalisation is stopped for everybody{since}{by}{note}", "Run manage.py microseg_start.")
