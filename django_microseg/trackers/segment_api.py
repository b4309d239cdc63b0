"""Door: what clients of Segment's HTTP API send, and those that speak like them.

Comes in: one message or a batch, as JSON of any content type, perhaps gzipped, with a write key.
Goes out: 200 with a report on each message, or a refusal that a client understands. Never a redirect,
which would turn a POST into a GET, and never a 500: what fails on our side is to be sent again.
"""

from __future__ import annotations

from time import time

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from django_microseg import conf
from django_microseg.collect.event_type import MAX_EVENT_BYTES
from django_microseg.collect.models import WriteKey
from django_microseg.collect.write_keys import note_use
from django_microseg.decide.guard import Guard
from django_microseg.http.limit import Allowance, seconds_to_wait

from .answers import WAIT_SECONDS, accepted, preflight, refused
from .body import read_body
from .keys import key_of
from .networks import network_allowance
from .pieces import Envelope, open_batch, open_single
from .refusal import Refused
from .segment_calls import KINDS, Sender, read_call
from .taking import judge_calls, take_calls

__all__ = ["BATCHES", "TAKING", "segment_api"]

TAKING = Guard("take in what a tracking client sent", breaker=None)
BATCHES = ("batch", "b", "import")
#: An event's properties are judged by its own limit; an order may be larger than others.
_MOST_MESSAGE_BYTES = 16 * MAX_EVENT_BYTES


@transaction.non_atomic_requests
@csrf_exempt
@never_cache
def segment_api(request: HttpRequest, call: str) -> HttpResponse:
    """The one view behind all addresses; ``call`` is the last part of the address."""
    if request.method == "OPTIONS":
        return preflight(request)
    sorry = refused(Refused("unavailable", retry_after=WAIT_SECONDS))
    return TAKING.run(lambda: _answer(request, call), sorry)


def _answer(request: HttpRequest, call: str) -> HttpResponse:
    try:
        return _take(request, call)
    except Refused as error:
        return refused(error)


def _take(request: HttpRequest, call: str) -> HttpResponse:
    if request.method != "POST":
        raise Refused("method_not_allowed")
    envelope = _open(read_body(request), call)
    now = timezone.now()
    key = key_of(request, envelope, now=now)
    _check_rate(request, key, len(envelope.messages))
    sender = Sender(
        is_trusted=not key.is_public,
        received_at=now,
        sent_at=envelope.sent_at,
        context=envelope.context,
        user_agent=request.headers.get("User-Agent", "") if key.is_public else "",
    )
    calls = [read_call(message, KINDS.get(call), sender) for message in envelope.messages]
    is_rehearsal = request.GET.get("validate") == "1"
    outcome = (judge_calls if is_rehearsal else take_calls)(calls, key, now)
    note_use(key, now=now)
    return accepted(outcome, is_rehearsal=is_rehearsal)


def _check_rate(request: HttpRequest, key: WriteKey, messages: int) -> None:
    own = Allowance("write-key", key.name, conf.get("WRITE_KEY_LIMIT"))
    allowances = [own, network_allowance(request)] if key.is_public else [own]
    wait = seconds_to_wait(allowances, now=time(), amount=max(messages, 1))
    if wait is not None:
        raise Refused("too_many", retry_after=wait)


def _open(body: bytes, call: str) -> Envelope:
    opener = open_batch if call in BATCHES else open_single
    return opener(body, most_bytes=_MOST_MESSAGE_BYTES)
