"""The address at which the experience editor asks how what is being edited would look.

``POST <admin>/django_microseg/experience/preview/`` (name ``admin:django_microseg_experience_preview``),
with the CSRF token and the fields of the experience's own form as the editor holds them, saved or
not, and besides:

- ``experience``: the primary key, if the experience has been saved before;
- ``preview_path``: the address of a page of the shop, perhaps with a query part; ``/`` if left out;
- ``preview_segments``: slugs, as often as needed. The field is optional: without it, the segments
  that the experience is for; with one empty value, a visitor who is in none.

It needs the permission to change the experience, or to add one; otherwise it answers 403. The answer
is JSON, never cached:

- 200 ``{"html": …, "note": …, "decisions": […]}``. ``html`` is a whole page, to be shown by
  ``<iframe sandbox srcdoc="…">`` and never put into the admin's own document. ``note`` says in a
  sentence whether visitors in these segments would really see it now. Each decision of the page has
  ``slot``, ``slug`` and ``name`` of what is shown (empty for the default), ``why`` as a sentence,
  and ``passed_over``: a list of ``slug``, ``name``, ``why``.
- 400 ``{"error": …}``: one or more sentences that say what is in the way and what to do.

Nothing is saved or recorded, and no cookie changes.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from django_microseg.collect.admin_pages import ModelAdmin

from .models import Experience
from .preview.experience import preview_experience
from .preview.page import PageNotShown

__all__ = ["WithPreview"]

#: A name that is still missing or a schedule that makes no sense does not keep anybody from looking.
_NOT_NEEDED = frozenset({"name", "slug", "state", "priority", "starts_at", "ends_at", "__all__"})


class WithPreview(ModelAdmin):
    """Adds the address to the admin of experiences."""

    def get_urls(self) -> list[URLPattern]:
        view = never_cache(require_POST(self.preview))
        return [path("preview/", self.admin_site.admin_view(view), name=self._preview_name), *super().get_urls()]

    def preview_url(self) -> str:
        """The address to post to."""
        return reverse(f"{self.admin_site.name}:{self._preview_name}")

    @property
    def _preview_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_preview"

    def preview(self, request: HttpRequest) -> JsonResponse:
        """How the posted form would look; see the top of this module."""
        try:
            experience = self._posted(request)
            page = preview_experience(
                request,
                experience,
                address=request.POST.get("preview_path") or "/",
                segments=self._segments(request, experience),
            )
        except PageNotShown as problem:
            return JsonResponse({"error": str(problem)}, status=400)
        return JsonResponse(page.as_data())

    def _posted(self, request: HttpRequest) -> Experience:
        """The experience that the form holds, unsaved. Raises `PageNotShown`."""
        saved = self._saved(request)
        form = self.get_form(request, saved, change=saved is not None)(request.POST, instance=saved)
        problems = [
            f"{form.fields[name].label}: {text}"
            for name, texts in form.errors.items()
            if name not in _NOT_NEEDED
            for text in texts
        ]
        if problems:
            raise PageNotShown(" ".join(problems))
        experience: Experience = form.instance
        try:
            experience.refuse_emptiness()
        except ValidationError as error:
            raise PageNotShown(_("There is nothing to show yet: %s") % " ".join(error.messages)) from error
        return experience

    def _saved(self, request: HttpRequest) -> Experience | None:
        pk = request.POST.get("experience")
        saved: Experience | None = self.get_object(request, pk) if pk else None
        may = self.has_change_permission(request, saved) if saved else self.has_add_permission(request)
        if not may:
            raise PermissionDenied
        return saved

    def _segments(self, request: HttpRequest, experience: Experience) -> list[str]:
        if "preview_segments" in request.POST:
            return [slug for slug in request.POST.getlist("preview_segments") if slug]
        return list(experience.segments)
