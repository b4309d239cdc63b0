"""Events of who somebody is and what they allow. Pure data."""

from __future__ import annotations

from functools import partial

from ..event_type import EventType, Property

__all__ = ["PEOPLE"]

_METHOD = Property("method", "text", "by what means", label="method")
_ACCOUNT = Property("account_id", "text", "id of the account", label="account", aliases=("group_id",), is_required=True)
_person = partial(EventType, topic="people", is_immediate=True)


PEOPLE = (
    _person(
        "customer_identified",
        "Somebody told who they are.",
        (_METHOD,),
        is_public=True,
        aliases=("identify", "login", "sign_up", "signed_up"),
    ),
    _person("customer_merged", "Two ids turned out to be one person.", aliases=("alias",)),
    _person(
        "account_joined",
        "Somebody belongs to an account: a company, a household.",
        (_ACCOUNT,),
        aliases=("group",),
    ),
    _person("logged_in", "A customer logged in.", (_METHOD,), aliases=("signed_in",)),
    _person("logged_out", "A customer logged out.", aliases=("signed_out",)),
    _person(
        "consent_changed",
        "Somebody allowed or refused what we may do.",
        (Property("purposes", "texts", "what is allowed now", label="purpose"),),
    ),
)
