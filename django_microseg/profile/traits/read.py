"""Where a trait's figure comes from: an expression over the state's records, as source text.

The ruleset compiler joins these into one function. Only numbers of our own making and the names
of `values` ever stand in the text; nothing that a person typed does.
"""

from __future__ import annotations

from .definition import SHARES, TIME_SINCE, Trait
from .fold import NEVER
from .plan import Plan, Store, is_refundable, stores_for

__all__ = ["high_of", "low_of", "read_expression"]

_TOTAL = {"count": "total_count", "follows": "total_count", "not_follows": "total_count",
          "sum": "total_sum", "avg": "total_avg", "min": "total_min", "max": "total_max",
          "mean_gap": "total_gap"}  # fmt: skip
_LOG = {"count": "log_count", "follows": "log_count", "not_follows": "log_count",
        "sum": "log_sum", "avg": "log_avg", "min": "log_min", "max": "log_max",
        "distinct": "log_distinct", "active_days": "log_distinct", "active_weeks": "log_distinct",
        "first": "log_first", "last": "log_last", "top": "log_top",
        "mean_gap": "log_gap"}  # fmt: skip


def low_of(trait: Trait, plan: Plan) -> str:
    """The exclusive low end of the trait's window, as source text over ``S`` and ``now``."""
    window = trait.window
    oldest = str(NEVER) if window.oldest is None else f"now - {window.oldest}"
    if window.since is None:
        return oldest
    since = f"since_of(S[{plan.position(Store('recent', window.since))}])"
    return since if window.oldest is None else f"max({since}, {oldest})"


def high_of(trait: Trait) -> str:
    """The inclusive high end of the trait's window, as source text."""
    return f"now - {trait.window.newest}" if trait.window.newest else "now"


def read_expression(trait: Trait, plan: Plan) -> str:
    """Source text of the trait's figure. Times since are the *time* of the last event."""
    stores = stores_for(trait)
    main, low, high = plan.position(stores[0]), low_of(trait, plan), high_of(trait)
    kind, aggregate = stores[0].kind, trait.aggregate
    if aggregate in TIME_SINCE:
        if kind == "recent":
            return f"recent_last_time(S[{main}], {low})"
        return f"log_last_time(S[{main}], {low}, {high})"
    if aggregate in SHARES:
        whole = plan.position(stores[1])
        ends = "" if kind == "total" else f", {low}, {high}"
        return f"{kind}_share(S[{main}], S[{whole}]{ends})"
    if kind == "total":
        return f"{_TOTAL[aggregate]}(S[{main}])"
    if kind == "tally":
        return f"{'tally_top' if aggregate == 'top' else 'keys_count'}(S[{main}])"
    if kind == "lastby":
        return f"lastby_count(S[{main}], {low})"
    if kind == "edge":
        return f"edge_{aggregate}(S[{main}])"
    refunds = f", S[{plan.position(stores[1])}]" if is_refundable(trait) else ""
    return f"{_LOG[aggregate]}(S[{main}], {low}, {high}{refunds})"
