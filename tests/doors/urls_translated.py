"""A shop that has put our addresses among those that change with the language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    *i18n_patterns(path("microseg/", include("django_microseg.urls"))),
]
