"""Door: joins the rooms when Django starts. What earlier rooms must know is put in from here.

Imported by `apps.ready()`, because models cannot be imported before that.
"""

from __future__ import annotations

from time import time

from django.db.models.signals import post_save

from . import checks, nudges, receivers
from .collect import hooks
from .collect.signals import events_stored
from .decide import shelf
from .decide.offers.listen import on_orders_undone
from .decide.uses import on_uses_asked
from .http import limit
from .privacy import handlers, waiting
from .privacy.ledger import withdrawn_among
from .privacy.registry import register_cache
from .privacy.subject import Subject
from .profile import accounts, loyalty
from .profile.areas import facts as areas
from .profile.resolve import erased_keys, resolve
from .profile.signals import facts_changed, merge_undone, profiles_merged
from .segment import listen
from .segment.full_run import full_refresh_started
from .segment.models import Publication
from .segment.personas import objection as _objection  # noqa: F401 - so that its judge is asked in every process
from .segment.uses import uses_asked

__all__ = ["connect"]


def connect() -> None:
    """Connect everything; safe to call twice."""
    hooks.people, hooks.erased, hooks.withdrawn = resolve, erased_keys, withdrawn_among
    for signal, receiver in (
        (events_stored, listen.on_events_stored),
        (events_stored, accounts.on_members_events),
        (events_stored, loyalty.on_loyalty_events),
        (events_stored, on_orders_undone),
        (facts_changed, listen.on_facts_changed),
        (facts_changed, accounts.on_account_facts),
        (facts_changed, loyalty.on_points_known),
        (facts_changed, areas.on_address_known),
        (profiles_merged, listen.on_merge),
        (profiles_merged, accounts.on_account_people),
        (profiles_merged, loyalty.on_loyalty_people),
        (profiles_merged, areas.on_people_joined),
        (merge_undone, listen.on_merge_undone),
        (merge_undone, accounts.on_account_people),
        (merge_undone, loyalty.on_loyalty_people),
        (merge_undone, areas.on_people_joined),
        (uses_asked, on_uses_asked),
        (full_refresh_started, nudges.on_full_refresh_started),
    ):
        signal.connect(receiver, dispatch_uid=f"django_microseg.{receiver.__name__}")
    post_save.connect(shelf.announce, sender=Publication, dispatch_uid="django_microseg.shelf")
    receivers.connect()
    checks.register()
    handlers.register_all()
    register_cache("event stream", find=waiting.find, erase=waiting.erase)
    register_cache("shared cache", find=_find_shelved, erase=_erase_shelved)
    register_cache("tracking limits", find=_find_counters, erase=_erase_counters)


def _find_shelved(subject: Subject) -> dict[str, object]:
    return shelf.find(subject.visitor_keys)


def _erase_shelved(subject: Subject) -> int:
    return shelf.forget(subject.visitor_keys)


def _find_counters(subject: Subject) -> dict[str, object]:
    return limit.find(subject.visitor_keys, now=time())


def _erase_counters(subject: Subject) -> int:
    return limit.forget(subject.visitor_keys, now=time())
