"""The loyalty desk in the admin: for staff of a store, who see a card's standing and nothing else of anybody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..collect.admin_pages import ObjectPages, ReadOnly
from .errors import PersonErased
from .loyalty_desk import CannotEnrol, Member, enrol, find_member

__all__ = ["LoyaltyDeskAdmin"]


class FindForm(forms.Form):
    """By POST, so that no address stands in a log of addresses."""

    card_or_email = forms.CharField(label=gettext_lazy("Card number or e-mail address"), max_length=200)


class EnrolForm(forms.Form):
    card = forms.CharField(label=gettext_lazy("Number of the new card"), max_length=100)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy("Joins the card with what the customer does in the online shop. It is not kept itself."),
    )
    store = forms.CharField(label=gettext_lazy("Store"), max_length=100, required=False)
    agrees = forms.BooleanField(
        label=gettext_lazy("The customer agrees to the terms of the programme"),
        error_messages={"required": gettext_lazy("Ask the customer: without their word nobody is enrolled.")},
    )


class LoyaltyDeskAdmin(ReadOnly, ObjectPages):
    """One page instead of a list. ``view_loyaltymember`` looks up, ``add_loyaltymember`` enrols."""

    class Media:
        css = {"all": ["django_microseg/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The admin's own form for adding is never shown: see `add_view`."""
        return bool(request.user.has_perm(f"{self.opts.app_label}.add_{self.opts.model_name}"))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_enrol, task = self.has_add_permission(request), request.POST.get("task")
        find = FindForm(request.POST if task == "find" else None, prefix="find")
        form = EnrolForm(request.POST if task == "enrol" else None, prefix="enrol")
        member, is_missing = None, False
        if task == "enrol":
            if not may_enrol:
                raise PermissionDenied
            member = self._enrol(request, form)
        elif find.is_valid():
            member = find_member(find.cleaned_data["card_or_email"], now=timezone.now())
            is_missing = member is None
        return self.render(
            request, "desk.html", None, _("Loyalty desk"),
            find=find, form=form if may_enrol else None, member=member, is_missing=is_missing,
        )  # fmt: skip

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.changelist_view(request)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nobody is opened by a number in an address."""
        return self.changelist_view(request)

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def _enrol(self, request: HttpRequest, form: EnrolForm) -> Member | None:
        if not form.is_valid():
            return None
        given = form.cleaned_data
        try:
            member = enrol(given["card"], given["email"], store=given["store"], now=timezone.now())
        except CannotEnrol as error:
            form.add_error("card", str(error))
            return None
        except PersonErased:
            form.add_error("email", _("This person asked us to forget them. Enrol them without the address."))
            return None
        messages.success(request, _("The card %s is in the programme now.") % member.card)
        return member
