"""Door: the addresses of this app. Include them anywhere below the shop's root."""

from django.urls import path

from .privacy.views import consent

app_name = "django_microseg"

urlpatterns = [
    path("consent/", consent, name="consent"),
]
