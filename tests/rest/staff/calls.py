"""Every call of the staff's part of the API, and which permissions it takes."""

from __future__ import annotations

from typing import Any

from tests.rest.staff.asking import BOUGHT, LOOKED

__all__ = ["CALLS", "EVERYTHING", "NEW"]

NEW = {"slug": "new", "name": "New", "rule": LOOKED}
WHO = {"who": "ada"}
SEE = "view_segment or change_segment"
SEE_PEOPLE = "view_profile or change_profile"
SEE_RUNS = "view_refreshrun or add_refreshrun"
#: Method, address, body, which permissions it takes (of each string one is enough), and the answer.
CALLS: list[tuple[str, str, Any, list[str], int]] = [
    ("GET", "segments/", None, [SEE], 200),
    ("POST", "segments/", NEW, ["add_segment"], 201),
    ("GET", "segments/bought/", None, [SEE], 200),
    ("PATCH", "segments/bought/", {"name": "Buyers"}, ["change_segment"], 200),
    ("GET", "segments/draft/difference/", None, [SEE], 200),
    ("POST", "segments/draft/approve/", None, [SEE, "approve_segment"], 200),
    ("POST", "segments/draft/discard/", None, ["change_segment"], 200),
    ("POST", "segments/draft/publish/", None, ["change_segment"], 200),
    ("POST", "segments/bought/pause/", None, ["change_segment"], 200),
    ("POST", "segments/draft/archive/", {}, ["change_segment"], 200),
    ("POST", "segments/draft/revert/", {"number": 1}, ["change_segment"], 200),
    ("GET", "segments/bought/versions/", None, [SEE], 200),
    ("GET", "segments/bought/growth/", None, [SEE], 200),
    ("GET", "segments/bought/members/", None, [SEE, SEE_PEOPLE], 200),
    ("POST", "segments/bought/explain/", WHO, [SEE, SEE_PEOPLE], 200),
    ("POST", "preview/", {"rule": BOUGHT}, ["add_segment or change_segment"], 200),
    ("GET", "fields/", None, [f"{SEE} or add_segment"], 200),
    ("GET", "runs/", None, [SEE_RUNS], 200),
    ("POST", "runs/", {}, ["add_refreshrun"], 201),
    ("GET", "runs/{run}/", None, [SEE_RUNS], 200),
    ("POST", "runs/{run}/cancel/", None, ["add_refreshrun"], 200),
    ("POST", "runs/{stopped}/retry/", None, ["add_refreshrun"], 200),
    ("GET", "schema/", None, [], 200),  # the document is for every member of staff
]
EVERYTHING = {
    "view_segment", "add_segment", "change_segment", "approve_segment", "view_profile", "change_profile",
    "view_refreshrun", "add_refreshrun",
}  # fmt: skip
