"""The words on the builder's controls: figures, comparisons, tests, stretches of time, and what it says aloud.

A table. Each key is one that rules know; `description` falls back to the bare name where one is missing here, and
a test says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["FIELDS", "FIGURES", "OPERATORS", "SUBJECTS", "TESTS", "UNITS", "WEEKDAYS", "WINDOWS", "WORDS"]

#: What a condition can be about; what a shop registered comes after these.
SUBJECTS: dict[str, _StrPromise] = {
    "trait": lazy("what they did"),
    "fact": lazy("what is known of them"),
    "context": lazy("where and when they are here"),
    "segment": lazy("another segment"),
}

#: Aggregate -> how it is called in a list.
FIGURES: dict[str, _StrPromise] = {
    "count": lazy("how many times"),
    "sum": lazy("sum of"),
    "avg": lazy("average of"),
    "min": lazy("least of"),
    "max": lazy("greatest of"),
    "distinct": lazy("how many different"),
    "active_days": lazy("on how many different days"),
    "active_weeks": lazy("in how many different weeks"),
    "first": lazy("first"),
    "last": lazy("last"),
    "top": lazy("most frequent"),
    "days_since": lazy("days since the last time"),
    "hours_since": lazy("hours since the last time"),
    "minutes_since": lazy("minutes since the last time"),
    "mean_gap": lazy("days between two times on average"),
    "share": lazy("share that also passes a filter (0 to 1)"),
    "follows": lazy("how many times soon after something else"),
    "not_follows": lazy("how many times not soon after something else"),
    "follows_share": lazy("share soon after something else (0 to 1)"),
    "not_follows_share": lazy("share not soon after something else (0 to 1)"),
}

#: Properties of events whose bare name says too little.
FIELDS: dict[str, _StrPromise] = {
    "local_hour": lazy("hour of their day"),
    "local_weekday": lazy("day of their week"),
    "visit": lazy("visit"),
}

#: Operator -> (between numbers, between texts).
OPERATORS: dict[str, tuple[_StrPromise, _StrPromise]] = {
    ">=": (lazy("at least"), lazy("at least")),
    ">": (lazy("more than"), lazy("more than")),
    "<=": (lazy("at most"), lazy("at most")),
    "<": (lazy("less than"), lazy("less than")),
    "==": (lazy("exactly"), lazy("is")),
    "!=": (lazy("not exactly"), lazy("is not")),
    "in": (lazy("one of"), lazy("is one of")),
    "not_in": (lazy("none of"), lazy("is none of")),
    "known": (lazy("is known"), lazy("is known")),
    "unknown": (lazy("is not known"), lazy("is not known")),
}

#: Test of a filter -> its words. ``known`` is how a text that is not empty is asked for.
TESTS: dict[str, _StrPromise] = {
    "eq": lazy("is"),
    "ne": lazy("is not"),
    "in": lazy("is one of"),
    "not_in": lazy("is none of"),
    "between": lazy("is between"),
    "ge": lazy("is at least"),
    "le": lazy("is at most"),
    "known": lazy("is known"),
}

WINDOWS: dict[str, _StrPromise] = {
    "all": lazy("at any time"),
    "last": lazy("in the last"),
    "between": lazy("between … and … ago"),
    "since": lazy("since the last"),
}

UNITS: dict[str, _StrPromise] = {
    "days": lazy("days"),
    "weeks": lazy("weeks"),
    "hours": lazy("hours"),
    "minutes": lazy("minutes"),
}

WEEKDAYS: tuple[_StrPromise, ...] = (
    lazy("Monday"), lazy("Tuesday"), lazy("Wednesday"), lazy("Thursday"), lazy("Friday"), lazy("Saturday"),
    lazy("Sunday"),
)  # fmt: skip

#: What the element itself shows and says. ``{}`` stands for what it is about.
WORDS: dict[str, _StrPromise] = {
    "all": lazy("all of these are true"),
    "any": lazy("at least one of these is true"),
    "none": lazy("none of these is true"),
    "notall": lazy("not all of these are true"),
    "group": lazy("Group {}"),
    "condition": lazy("Condition {}"),
    "somebody": lazy("Somebody of whom"),
    "empty": lazy("Nothing is asked yet. Add the first condition, or write the rule as text below."),
    "everybody": lazy("Everybody is in it: nothing is asked."),
    "nobody": lazy("Nobody is in it: one of no conditions is never true."),
    "addCondition": lazy("Add a condition"),
    "addGroup": lazy("Add a group"),
    "paste": lazy("Paste"),
    "undo": lazy("Undo"),
    "redo": lazy("Redo"),
    "up": lazy("Move up"),
    "down": lazy("Move down"),
    "into": lazy("Move into a group"),
    "out": lazy("Move out of its group"),
    "copy": lazy("Copy"),
    "duplicate": lazy("Duplicate"),
    "remove": lazy("Remove"),
    "about": lazy("About"),
    "event": lazy("What they did"),
    "figure": lazy("Figure"),
    "of": lazy("Of which"),
    "fact": lazy("What is known"),
    "context": lazy("Of the moment"),
    "segment": lazy("Segment"),
    "compare": lazy("Comparison"),
    "value": lazy("Value"),
    "values": lazy("Value {}"),
    "against": lazy("Compared with"),
    "plain": lazy("a number"),
    "other": lazy("another figure of theirs"),
    "shop": lazy("a figure of the shop"),
    "factor": lazy("Times"),
    "when": lazy("When"),
    "from": lazy("From"),
    "to": lazy("To"),
    "length": lazy("How long"),
    "unit": lazy("Unit"),
    "start": lazy("Since the last"),
    "where": lazy("Only where"),
    "part": lazy("The share of those where"),
    "after": lazy("Soon after"),
    "within": lazy("Within"),
    "property": lazy("Property"),
    "test": lazy("Test"),
    "addTest": lazy("Add a property"),
    "addValue": lazy("Add a value"),
    "removeTest": lazy("Take away property {}"),
    "removeValue": lazy("Take away value {}"),
    "text": lazy("Condition as text"),
    "textNote": lazy("The builder has no fields for this condition. It stays as it is, and can be changed as text."),
    "yes": lazy("yes"),
    "no": lazy("no"),
    "unknown": lazy("{} (not known here)"),
    "gap": lazy("Something is still to be filled in."),
    "added": lazy("Added."),
    "removed": lazy("Removed. Undo brings it back."),
    "moved": lazy("Moved to place {}."),
    "movedInto": lazy("Moved into a group."),
    "movedOut": lazy("Moved out of its group."),
    "stuck": lazy("It cannot be moved there."),
    "copied": lazy("Copied."),
    "pasted": lazy("Pasted."),
    "nothing": lazy("There is nothing to paste. Copy a condition or a group first."),
    "noRule": lazy("What was to be pasted is no rule: {}"),
    "undone": lazy("Undone."),
    "redone": lazy("Done again."),
    "noUndo": lazy("There is nothing to undo."),
    "noRedo": lazy("There is nothing to do again."),
    "rebuilt": lazy("The builder shows the text now."),
    "badText": lazy("The text has a mistake, so the builder waits and shows the rule from before. Mend the text, or"),
    "takeBack": lazy("go back to the builder's rule"),
    "failed": lazy("The builder could not reach the shop, so the text below is not up to date. Wait a moment and"),
    "again": lazy("try again"),
    "suggestions": lazy("{} suggestions. Choose with the arrow keys and Enter."),
    "sentence": lazy("In it is somebody who {}."),
}
