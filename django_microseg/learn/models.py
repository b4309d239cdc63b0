"""No table of its own yet: a name for the permission to see the grid."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ..profile.models import Profile

__all__ = ["RfmGrid"]


class RfmGrid(Profile):
    """Who bought how recently and how often."""

    class Meta:
        proxy = True
        app_label = "django_microseg"
        default_permissions = ("view",)
        verbose_name = _("RFM grid")
        verbose_name_plural = _("RFM grid")
