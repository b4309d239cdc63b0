"""The entries of the registry: for each table, which rows are a person's and how they go.

`register_all` is called by the door `apps` when Django starts. A new table that can hold a person
gets its line here.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model, Q, QuerySet

from ..collect.models import Event, QuarantinedEvent
from ..decide.offers.keys import digests_of
from ..decide.offers.models import Redemption, RedemptionKey
from ..decide.offers.normal_email import normal_email
from ..profile.accounts import touch_accounts_of
from ..profile.models import ComparedValue, Fact, Identity, Merge, Profile
from ..segment.models import Membership, MembershipChange
from ..segment.uploads.models import Upload
from .mention import in_a_cell, mentions
from .models import ConsentRecord
from .registry import Row, register
from .subject import Subject

__all__ = ["register_all", "register_rows", "rows_of"]

_CHUNK = 500


def register_all() -> None:
    """Register every table of ours that can hold a person."""
    register(Event, export=lambda subject: rows_of(_events(subject)), erase=_erase_events)
    register(QuarantinedEvent, export=_export_quarantined, erase=_erase_quarantined)
    register(Merge, export=lambda subject: rows_of(_own_merges(subject)), erase=_erase_merges)
    register(Fact, export=lambda subject: rows_of(_facts(subject)), erase=_erase_facts)
    for model in (ComparedValue, Membership, MembershipChange, Identity):
        register_rows(model, _by_profile)
    register(Upload, export=_export_uploads, erase=_erase_uploads)
    register(Redemption, export=lambda subject: rows_of(_redemptions(subject)), erase=_unname_redemptions, stays=True)
    register(
        RedemptionKey, export=lambda subject: rows_of(_redemption_keys(subject)), erase=lambda subject: 0, stays=True
    )
    register_rows(ConsentRecord, lambda subject: Q(visitor_key__in=subject.visitor_keys))
    register_rows(Profile, lambda subject: Q(pk__in=subject.profile_ids))


def register_rows(model: type[Model], condition: Callable[[Subject], Q]) -> None:
    """Register a table whose rows are wholly a person's, by a condition."""

    def find(subject: Subject) -> QuerySet[Any]:
        return model._default_manager.filter(condition(subject))

    register(model, export=lambda subject: rows_of(find(subject)), erase=lambda subject: _delete(find(subject)))


def rows_of(rows: QuerySet[Any]) -> Iterator[Row]:
    """Every column of each row as it is stored, in the order of primary keys."""
    for row in rows.order_by("pk").iterator(chunk_size=2000):
        yield {field.attname: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode("ascii") if isinstance(value, (bytes, memoryview)) else value


def _by_profile(subject: Subject) -> Q:
    return Q(profile__in=subject.profile_ids)


def _delete(rows: QuerySet[Any]) -> int:
    """How many rows of this very table went; what hangs on them has entries of its own."""
    return rows.delete()[1].get(rows.model._meta.label, 0)


def _facts(subject: Subject) -> QuerySet[Fact]:
    return Fact.objects.filter(_by_profile(subject) | Q(origin__in=subject.profile_ids))


def _erase_facts(subject: Subject) -> int:
    """Their company has one member less: it is counted anew. An account itself names nobody."""
    touch_accounts_of(subject.profile_ids)
    return _delete(_facts(subject))


def _events(subject: Subject) -> QuerySet[Event]:
    nobodys = Q(profile__isnull=True, visitor_key__in=subject.visitor_keys)
    return Event.objects.filter(_by_profile(subject) | nobodys)


def _erase_events(subject: Subject) -> int:
    """On a shared device another customer's event may carry the visitor id: it stays, the id goes."""
    removed = _delete(_events(subject))
    others = Event.objects.filter(visitor_key__in=subject.visitor_keys)
    return removed + others.update(visitor_key="")


def _own_merges(subject: Subject) -> QuerySet[Merge]:
    """Not those that were undone with somebody else: their keys are that person's."""
    ids = subject.profile_ids
    return Merge.objects.filter(source__in=ids, target__in=ids)


def _erase_merges(subject: Subject) -> int:
    ids = subject.profile_ids
    return _delete(Merge.objects.filter(Q(source__in=ids) | Q(target__in=ids)))


def _redemptions(subject: Subject) -> QuerySet[Redemption]:
    theirs = RedemptionKey.objects.filter(digest__in=_redemption_digests(subject)).values("redemption")
    return Redemption.objects.filter(_by_profile(subject) | Q(pk__in=theirs))


def _unname_redemptions(subject: Subject) -> int:
    """What an order was reduced by is the shop's own book-keeping: it stays, and says no more whose it was.

    The keyed hashes stay too, so that nobody uses an offer twice by asking to be forgotten in between.
    """
    return Redemption.objects.filter(_by_profile(subject)).update(profile=None)


def _redemption_keys(subject: Subject) -> QuerySet[RedemptionKey]:
    return RedemptionKey.objects.filter(
        Q(redemption__in=_redemptions(subject)) | Q(digest__in=_redemption_digests(subject))
    )


def _redemption_digests(subject: Subject) -> list[str]:
    customers = [(RedemptionKey.Kind.CUSTOMER.value, key) for key in subject.customer_keys]
    return digests_of([*customers, *((RedemptionKey.Kind.EMAIL.value, normal_email(word)) for word in subject.words)])


def _export_quarantined(subject: Subject) -> Iterator[Row]:
    for ids in _in_chunks(_quarantined_ids(subject)):
        yield from rows_of(QuarantinedEvent.objects.filter(pk__in=ids))


def _erase_quarantined(subject: Subject) -> int:
    chunks = _in_chunks(_quarantined_ids(subject))
    return sum(_delete(QuarantinedEvent.objects.filter(pk__in=ids)) for ids in chunks)


def _in_chunks(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _quarantined_ids(subject: Subject) -> list[int]:
    """Rows that name the person in a column, or whose text mentions them."""
    ids = (*subject.visitor_keys, *subject.profile_keys)
    is_mentioned = mentions(ids=ids, keys=(*subject.customer_keys, *subject.words))
    texts = QuarantinedEvent.objects.order_by("pk").values_list(
        "pk", "visitor_key", "customer_key", "payload", "detail", "message_id", "name"
    )
    return [
        pk
        for pk, visitor_key, customer_key, *rest in texts.iterator(chunk_size=2000)
        if visitor_key in subject.visitor_keys or customer_key in subject.customer_keys or is_mentioned("\n".join(rest))
    ]


def _uploads(subject: Subject) -> list[Upload]:
    """Files that wait to be imported, and refused rows, in which the person stands in a cell. There are few of them."""
    is_mentioned = in_a_cell((*subject.customer_keys, *subject.visitor_keys, *subject.words))
    kept = Upload.objects.exclude(content=None, errors="").order_by("pk")
    return [row for row in kept.iterator(chunk_size=1) if is_mentioned(_text_of(row))]


def _text_of(upload: Upload) -> str:
    return bytes(upload.content or b"").decode(upload.encoding, "replace") + upload.errors


def _export_uploads(subject: Subject) -> Iterator[Row]:
    """That there is a file; its content is of others too."""
    for row in _uploads(subject):
        yield {"id": row.pk, "name": row.name, "source": row.source, "uploaded_at": _plain(row.uploaded_at)}


def _erase_uploads(subject: Subject) -> int:
    """The file goes as a whole: staff upload it again without the person."""
    return _delete(Upload.objects.filter(pk__in=[row.pk for row in _uploads(subject)]))
