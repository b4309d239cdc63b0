"""A rule as a plain sentence, in the language that is active: what stands beside a rule in the admin.

It follows "somebody who …": ``bought at least 5 times in the last 180 days and is on a phone``. Sentences
are for reading; the rule itself is exact.
"""

from __future__ import annotations

from .describe import describe
from .words import Labels

__all__ = ["Labels", "describe"]
