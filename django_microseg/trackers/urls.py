"""Door: the addresses of tracking clients, each with and without a slash at its end."""

from django.urls import re_path

from .beacon import beacon
from .segment_api import BATCHES, segment_api
from .segment_calls import KINDS

__all__ = ["urlpatterns"]

_CALLS = "|".join((*BATCHES, *KINDS))

urlpatterns = [
    re_path(r"^collect/?$", beacon, name="collect"),
    re_path(rf"^v1/(?P<call>{_CALLS})/?$", segment_api, name="segment_api"),
]
