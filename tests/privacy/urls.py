"""Where the tests of this folder answer."""

from django.urls import include, path

urlpatterns = [path("microseg/", include("django_microseg.urls"))]
