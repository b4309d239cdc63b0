"""Anymail's webhooks, as a shop includes them."""

from django.urls import include, path

urlpatterns = [path("mail/", include("anymail.urls"))]
