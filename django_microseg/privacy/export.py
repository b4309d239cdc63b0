"""Hands out everything we hold of a person: each registered table and cache, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from ..profile.models import Profile
from .registry import caches, tables
from .subject import Subject, subject_of, subject_of_customer

__all__ = ["export", "export_customer"]


def export(profile: Profile, *, words: Iterable[str] = ()) -> dict[str, Any]:
    """Everything about the person behind a profile. ``words`` are further texts that mean them."""
    with transaction.atomic():
        return _export(subject_of(profile, words=words))


def export_customer(customer_key: str, *, words: Iterable[str] = ()) -> dict[str, Any]:
    """Everything about a customer of the shop, also one who has no profile."""
    with transaction.atomic():
        return _export(subject_of_customer(customer_key, words=words))


def _export(subject: Subject) -> dict[str, Any]:
    """``tables``: every column of every row, by table; ``caches``: what each holds, by name."""
    return {
        "customer_keys": list(subject.customer_keys),
        "visitor_keys": list(subject.visitor_keys),
        "tables": {entry.table: list(entry.export(subject)) for entry in tables()},
        "caches": {entry.name: entry.find(subject) for entry in caches()},
    }
