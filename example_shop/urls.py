"""Where the example shop answers: the shop itself, Django's admin, and what the visitor's browser tells us."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("microseg/", include("django_microseg.urls")),
    path("", include("example_shop.shop.urls")),
]
