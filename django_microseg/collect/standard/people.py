"""Events of who somebody is and what they allow. Pure data."""

from __future__ import annotations

from functools import partial

from ..event_type import EventType, Property

__all__ = ["PEOPLE"]

_METHOD = Property("method", "text", "by what means", label="method")
_ACCOUNT = Property("account_id", "text", "id of the account", label="account", aliases=("group_id",), is_required=True)
_TAG = Property("tag", "text", "the tag", label="tag", is_required=True)
_AUDIENCE = Property(
    "audience", "text", "the audience", label="audience", aliases=("audience_key", "audience_name"), is_required=True
)
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
    _person("tag_added", "Another system put a tag on somebody.", (_TAG,)),
    _person("tag_removed", "Another system took a tag away.", (_TAG,)),
    _person(
        "audience_entered",
        "Somebody came into an audience of another system: a CDP, a DMP.",
        (_AUDIENCE,),
    ),
    _person(
        "audience_exited", "Somebody left an audience of another system.", (_AUDIENCE,), aliases=("audience_left",)
    ),
    _person("logged_in", "A customer logged in.", (_METHOD,), aliases=("signed_in",)),
    _person("logged_out", "A customer logged out.", aliases=("signed_out",)),
    _person(
        "consent_changed",
        "Somebody allowed or refused what we may do.",
        (Property("purposes", "texts", "what is allowed now", label="purpose"),),
    ),
)
