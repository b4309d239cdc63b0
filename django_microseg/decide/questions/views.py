"""Door: where the answer to a question about oneself is posted.

Comes in: ``question``, and ``answer`` or ``skip``; ``next``. Goes out: a redirect within the shop. An answer that
cannot be changes nothing and is said by Django's messages, if the shop shows them; the question is asked again.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from django_microseg.collect.customer import loaded_customer_key
from django_microseg.collect.ids import read_id
from django_microseg.profile.errors import PersonErased
from django_microseg.profile.fact_catalogue import InvalidFact

from ..guard import Guard
from ..of_request import visitor_of
from ..way_back import way_back
from .ask import take_answer, take_refusal
from .models import Question

__all__ = ["ANSWERING", "answer"]

ANSWERING = Guard("take an answer", breaker=None)


@never_cache
@require_POST
@csrf_protect
def answer(request: HttpRequest) -> HttpResponse:
    """Keep what somebody said, and go back to where they were."""
    ANSWERING.run(lambda: _take(request), None)
    return HttpResponseRedirect(way_back(request))


def _take(request: HttpRequest) -> None:
    visitor = visitor_of(request)
    asked = read_id(request.POST.get("question"))
    question = None if asked is None else Question.objects.filter(pk=asked, is_live=True).first()
    if visitor is None or question is None:
        return
    customer_key = loaded_customer_key(request)
    if "skip" in request.POST:
        take_refusal(visitor, question, customer_key=customer_key)
        return
    said = request.POST.get("answer", "").strip()
    try:
        if question.answers and said not in question.answers:
            raise InvalidFact(said)
        take_answer(visitor, question, said, customer_key=customer_key)
    except InvalidFact:
        text = _("Your answer to “%s” could not be understood.") % question.wording
        messages.error(request, text, fail_silently=True)
    except PersonErased:
        return
