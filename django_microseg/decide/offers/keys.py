"""By what a person is known who has used an offer: keyed hashes of e-mail addresses and customer keys.

The hash is keyed with `SECRET_KEY`, so the table alone tells nobody's address; a used key is found
under the keys in `SECRET_KEY_FALLBACKS` too. Deleted cookies change nothing, and neither does a
second account with the same address.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac

from .models import Redemption, RedemptionKey

__all__ = ["FIRST_ORDER", "Person", "digests_of", "keys_for", "scopes_used"]

#: The scope of all offers for a first order together. No slug can be this.
FIRST_ORDER = "*first-order"

_SALT = "django_microseg.redemption"
_Kind = RedemptionKey.Kind


@dataclass(frozen=True, slots=True)
class Person:
    """Who checks out, as far as is known. ``email`` is the order's, as it was written; ``emails`` are
    all of theirs, normalised."""

    customer_key: str = ""
    email: str = ""
    emails: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Kind and value of everything that means them."""
        customer = [(_Kind.CUSTOMER.value, self.customer_key)] if self.customer_key else []
        return (*customer, *((_Kind.EMAIL.value, email) for email in self.emails))

    @property
    def is_known(self) -> bool:
        return bool(self.names)


def scopes_used(person: Person) -> frozenset[str]:
    """The scopes of which this person has used something that was not returned: one query."""
    digests = digests_of(person.names)
    if not digests:
        return frozenset()
    return frozenset(RedemptionKey.objects.filter(digest__in=digests).values_list("scope", flat=True))


def keys_for(redemption: Redemption, person: Person, scopes: Iterable[str]) -> list[RedemptionKey]:
    """The keys that a redemption takes, unsaved."""
    return [
        RedemptionKey(redemption=redemption, scope=scope, kind=kind, digest=_digest(kind, value, settings.SECRET_KEY))
        for scope in scopes
        for kind, value in person.names
    ]


def digests_of(names: Collection[tuple[str, str]]) -> list[str]:
    """Under which hashes somebody may be found; e-mail addresses are normalised already."""
    secrets = [str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return sorted({_digest(kind, value, secret) for kind, value in names for secret in secrets})


def _digest(kind: str, value: str, secret: str) -> str:
    return salted_hmac(_SALT, f"{kind}:{value}", secret=secret, algorithm="sha256").hexdigest()
