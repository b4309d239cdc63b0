"""What this room tells the rooms after it, always inside the transaction that changed something.

``profiles_merged`` and ``merge_undone`` carry ``target``, ``source`` and ``now``; ``facts_changed``
carries ``profile_ids``, ``names`` (of the facts) and ``now``. The sender is the module's model.
"""

from __future__ import annotations

from django.dispatch import Signal

__all__ = ["facts_changed", "merge_undone", "profiles_merged"]

profiles_merged = Signal()
merge_undone = Signal()
facts_changed = Signal()
