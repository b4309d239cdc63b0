"""Door: staff begins and ends a preview of the shop. Both are posted from the shop's own pages, never linked to.

Comes in: ``segments`` (slugs), or ``profile`` (the primary key of a person, to look as they do), and
``next``. Goes out: a redirect within the shop with the signed ticket, or without it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from django_microseg.collect.ids import read_id
from django_microseg.profile.models import Profile
from django_microseg.segment.models import Membership, Segment

from ..way_back import way_back
from .holder import may_preview
from .ticket import Ticket, TicketTooLong, clear_ticket, set_ticket

__all__ = ["start", "stop"]

View = Callable[[HttpRequest], HttpResponse]


def _for_staff(view: View) -> View:
    """A posted form of this very site, sent by somebody who may preview."""

    @never_cache
    @require_POST
    @csrf_protect
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not _is_same_origin(request) or not may_preview(getattr(request, "user", None)):
            raise PermissionDenied
        return view(request)

    return guarded


def _is_same_origin(request: HttpRequest) -> bool:
    """By what the browser says; an old one that says nothing is held by the CSRF token alone."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


@_for_staff
def start(request: HttpRequest) -> HttpResponse:
    """Look at the shop as a member of the posted segments; of none: as a stranger."""
    profile = request.POST.get("profile")
    try:
        ids = _ids_of(request.POST.getlist("segments")) if profile is None else _segments_of(request, profile)
        response = HttpResponseRedirect(way_back(request))
        set_ticket(response, Ticket.of(request.user.pk, ids), is_secure=request.is_secure())
    except (_UnknownSegment, TicketTooLong) as error:
        return HttpResponseBadRequest(str(error), content_type="text/plain; charset=utf-8")
    return response


@_for_staff
def stop(request: HttpRequest) -> HttpResponse:
    """Be oneself again."""
    response = HttpResponseRedirect(way_back(request))
    clear_ticket(response)
    return response


class _UnknownSegment(ValueError):
    """Somebody asked for a segment that is not in force."""


def _ids_of(slugs: Collection[str]) -> list[int]:
    rows = dict(Segment.objects.filter(state=Segment.State.ACTIVE, slug__in=slugs).values_list("slug", "pk"))
    unknown = sorted(set(slugs) - set(rows))
    if unknown:
        raise _UnknownSegment(
            _("No segment “%s” is in force. Reload the page and choose among those that are.") % unknown[0]
        )
    return list(rows.values())


def _segments_of(request: HttpRequest, profile: str) -> list[int]:
    """The segments that a person is in; what only a visit can tell (hour, device …) is not among them."""
    if not request.user.has_perm("django_microseg.view_profile"):
        raise PermissionDenied
    pk = read_id(profile)
    if pk is None or not Profile.objects.filter(pk=pk).exists():
        raise Http404(_("There is no such person. Perhaps they were erased."))
    rows = Membership.objects.filter(profile_id=pk, definition__state="live")
    return list(rows.values_list("segment_id", flat=True))
