"""Door: the addresses of this app. Include them anywhere below the shop's root."""

from django.urls import include, path

from .decide.preview import views as preview
from .decide.questions.views import answer
from .installed import reachable
from .privacy.views import consent
from .rest.available import missing_packages
from .trackers.urls import urlpatterns as trackers

app_name = "django_microseg"

urlpatterns = reachable(
    [
        path("consent/", consent, name="consent"),
        path("answer/", answer, name="answer"),
        path("preview/start/", preview.start, name="preview_start"),
        path("preview/stop/", preview.stop, name="preview_stop"),
        *trackers,
        *([] if missing_packages() else [path("api/v1/", include("django_microseg.rest.urls"))]),
    ]
)
