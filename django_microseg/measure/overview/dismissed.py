"""Which alerts somebody has put aside. One comes back when its matter changes, and after a month in any case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ..models import DismissedAlert
from .alerts import Alert

__all__ = ["bring_back", "dismiss", "split"]

_LONGEST = dt.timedelta(days=30)


def split(alerts: Sequence[Alert], *, now: dt.datetime) -> tuple[list[Alert], list[tuple[Alert, DismissedAlert]]]:
    """Those that are open, and those that were put aside, with when and by whom."""
    rows = {row.key: row for row in DismissedAlert.objects.filter(dismissed_at__gt=now - _LONGEST)}
    aside = [(each, rows[each.key]) for each in alerts if each.key in rows and rows[each.key].state == each.state]
    keys = {each.key for each, _ in aside}
    return [each for each in alerts if each.key not in keys], aside


def dismiss(alert: Alert, alerts: Sequence[Alert], *, by: str, now: dt.datetime) -> None:
    """Put one aside; what is over is forgotten, so that it is told again should it come back."""
    DismissedAlert.objects.exclude(key__in=[each.key for each in alerts]).delete()
    DismissedAlert.objects.update_or_create(
        key=alert.key, defaults={"state": alert.state, "dismissed_by": by[:150], "dismissed_at": now}
    )


def bring_back(key: str) -> None:
    DismissedAlert.objects.filter(key=key).delete()
