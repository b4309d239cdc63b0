"""The admin of what visitors get: experiences, by slot. Saving and deleting publish at once."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .admin_form import ExperienceForm, names_of_segments
from .admin_preview import WithPreview
from .admin_switch import WithSwitch
from .admin_words import sentence, when_words, who_words
from .models import Experience
from .publish import delete_experiences, publish_experiences, save_experience
from .start.admin import WithStart

__all__ = ["ExperienceAdmin"]

State = Experience.State


class ExperienceAdmin(WithPreview, WithStart, WithSwitch):
    """Experiences per slot, in the order in which they are tried."""

    form = ExperienceForm
    empty_list = gettext_lazy("Nobody sees anything of their own yet: every slot shows its default.")
    list_display = ["name", "slot", "who", "shown", "priority"]
    list_filter = ["slot", "state"]
    search_fields = ["slug", "name", "slot"]
    ordering = ["slot", "-priority", "-created_at", "slug"]
    list_per_page = 100
    fieldsets = [
        (None, {"fields": ["name", "slug", "slot"]}),
        (gettext_lazy("Who sees it"), {"fields": ["segments", "match"]}),
        (
            gettext_lazy("What they see"),
            {"fields": ["kind", "content_html", "template_name", "order_keys", "product_keys", "offer"]},
        ),
        (gettext_lazy("When"), {"fields": ["state", "priority", "starts_at", "ends_at"]}),
    ]
    actions = ["publish_chosen", "pause_chosen"]
    change_form_template = "django_microseg/admin/experience.html"

    class Media:
        css = {"all": ["django_microseg/admin.css"]}

    def get_prepopulated_fields(self, request: HttpRequest, obj: Experience | None = None) -> dict[str, Any]:
        return {} if obj is not None else {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Experience | None = None) -> list[str]:
        return ["slug"] if obj is not None else []

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """With what it comes to in a sentence, and how it looks while it is edited."""
        found = self.get_object(request, unquote(object_id)) if object_id else None
        may_edit = self.has_change_permission(request, found) if found else self.has_add_permission(request)
        own: dict[str, Any] = {"preview_url": self.preview_url() if may_edit else ""}
        if found is not None and self.has_view_or_change_permission(request, found):
            known = names_of_segments()
            names = [known.get(slug, slug) for slug in found.segments]
            own |= {"title": found.name, "subtitle": None, "sentence": sentence(found, names, now=timezone.now())}
        return super().changeform_view(request, object_id, form_url, {**own, **(extra_context or {})})

    @admin.display(description=gettext_lazy("who sees it"))
    def who(self, experience: Experience) -> str:
        return who_words(experience.segments, needs_all=experience.match == Experience.Match.ALL)

    @admin.display(description=gettext_lazy("shown"))
    def shown(self, experience: Experience) -> str:
        return when_words(experience, now=timezone.now())

    # -- publishing

    def save_model(self, request: HttpRequest, obj: Experience, form: Any, change: bool) -> None:  # noqa: FBT001
        save_experience(obj, now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Experience) -> None:
        delete_experiences(Experience.objects.filter(pk=obj.pk), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Experience]) -> None:
        delete_experiences(queryset, now=timezone.now())

    @admin.action(description=gettext_lazy("Show the chosen experiences"), permissions=["change"])
    def publish_chosen(self, request: HttpRequest, queryset: QuerySet[Experience]) -> None:
        for experience in queryset:
            try:
                experience.refuse_emptiness()
            except ValidationError as error:
                text = _("Nothing was changed, because “%(name)s” is not complete: %(problem)s")
                messages.error(request, text % {"name": experience, "problem": " ".join(error.messages)})
                return
        count = queryset.update(state=State.LIVE)
        publish_experiences(now=timezone.now())
        messages.success(request, ngettext("%s experience is live.", "%s experiences are live.", count) % count)

    @admin.action(description=gettext_lazy("Pause the chosen experiences"), permissions=["change"])
    def pause_chosen(self, request: HttpRequest, queryset: QuerySet[Experience]) -> None:
        count = queryset.update(state=State.PAUSED)
        publish_experiences(now=timezone.now())
        messages.success(request, ngettext("%s experience paused.", "%s experiences paused.", count) % count)
