"""Objects to a version that would break a persona. Imported where the admin is put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..errors import InvalidRule
from ..json_form import from_json
from ..models import SegmentVersion
from ..objections import Objection, judge
from .broken import broken_by, fingerprint_of

__all__ = ["breaks_personas"]


@judge
def breaks_personas(version: SegmentVersion, now: dt.datetime) -> Iterator[Objection]:
    """One objection for all of them; its code names the list, so a tick for one list is none for another."""
    try:
        rule = from_json(version.rule)
    except InvalidRule:  # said by another judge
        return
    found = broken_by({version.segment.slug: rule}, now=now)
    new = [line for each in found if each.is_new for line in each.complaints]
    if not new:
        return
    before = [_("%s It was so before.") % f"{line}." for each in found if not each.is_new for line in each.complaints]
    number = sum(each.is_new for each in found)
    text = ngettext(
        "It breaks %s persona that holds now. Change the rule or the persona, or put it in force all the same.",
        "It breaks %s personas that hold now. Change the rule or the personas, or put it in force all the same.",
        number,
    )
    code = f"personas-{fingerprint_of(found)}"
    yield Objection(code, text % number, may_be_acknowledged=True, details=(*new, *before))
