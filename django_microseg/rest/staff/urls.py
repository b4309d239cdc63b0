"""The addresses for staff, below ``staff/``. Room is left for more below a segment's own."""

from __future__ import annotations

from django.urls import path

from .actions import ApproveView, ArchiveView, DiscardView, PauseView, PublishView, RevertView
from .difference import DifferenceView
from .fields import FieldsView
from .history import GrowthView, VersionsView
from .people import ExplainView, MembersView
from .preview import PreviewView
from .runs import CancelView, RetryView, RunsView, RunView
from .schema import StaffSchemaView
from .segments import SegmentsView, SegmentView

__all__ = ["urlpatterns"]

_ONE = "segments/<slug:slug>/"

urlpatterns = [
    path("segments/", SegmentsView.as_view(), name="api_staff_segments"),
    path(_ONE, SegmentView.as_view(), name="api_staff_segment"),
    path(f"{_ONE}difference/", DifferenceView.as_view(), name="api_staff_difference"),
    path(f"{_ONE}approve/", ApproveView.as_view(), name="api_staff_approve"),
    path(f"{_ONE}discard/", DiscardView.as_view(), name="api_staff_discard"),
    path(f"{_ONE}publish/", PublishView.as_view(), name="api_staff_publish"),
    path(f"{_ONE}pause/", PauseView.as_view(), name="api_staff_pause"),
    path(f"{_ONE}archive/", ArchiveView.as_view(), name="api_staff_archive"),
    path(f"{_ONE}revert/", RevertView.as_view(), name="api_staff_revert"),
    path(f"{_ONE}versions/", VersionsView.as_view(), name="api_staff_versions"),
    path(f"{_ONE}growth/", GrowthView.as_view(), name="api_staff_growth"),
    path(f"{_ONE}members/", MembersView.as_view(), name="api_staff_members"),
    path(f"{_ONE}explain/", ExplainView.as_view(), name="api_staff_explain"),
    path("preview/", PreviewView.as_view(), name="api_staff_preview"),
    path("fields/", FieldsView.as_view(), name="api_staff_fields"),
    path("runs/", RunsView.as_view(), name="api_staff_runs"),
    path("runs/<int:number>/", RunView.as_view(), name="api_staff_run"),
    path("runs/<int:number>/cancel/", CancelView.as_view(), name="api_staff_cancel"),
    path("runs/<int:number>/retry/", RetryView.as_view(), name="api_staff_retry"),
    path("schema/", StaffSchemaView.as_view(), name="api_staff_schema"),
]
