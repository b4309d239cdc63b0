"""Why is somebody in a segment or not: recomputed from the events, condition by condition."""

from .explain import explain
from .explanation import Change, ConditionTrace, Evidence, Explanation

__all__ = ["Change", "ConditionTrace", "Evidence", "Explanation", "explain"]
