# ruff: noqa: DJ008 - nobody prints these models
from __future__ import annotations

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from django_microseg.privacy.registry import tables, unregistered_models
from django_microseg.profile.models import Profile


def test_every_table_of_ours_that_can_hold_a_person_is_registered() -> None:
    assert unregistered_models() == []


def test_profiles_come_last_because_others_point_at_them() -> None:
    assert tables()[-1].model is Profile
    assert len({entry.table for entry in tables()}) == len(tables()) >= 10


@isolate_apps("django_microseg")
def test_new_table_without_handlers_is_reported_and_one_without_people_is_not() -> None:
    class ByProfile(models.Model):
        profile = models.ForeignKey(Profile, models.CASCADE, related_name="+")

        class Meta:
            app_label = "django_microseg"

    class ByColumn(models.Model):
        visitor_key = models.CharField(max_length=64)

        class Meta:
            app_label = "django_microseg"

    class Weather(models.Model):
        celsius = models.IntegerField()

        class Meta:
            app_label = "django_microseg"

    registry = ByProfile._meta.apps
    assert unregistered_models(registry) == [ByProfile, ByColumn]
    assert Weather in registry.get_models()


@isolate_apps("django.contrib.auth")
def test_table_of_the_shop_that_points_at_a_profile_is_reported_too() -> None:
    class Wish(models.Model):
        owner = models.OneToOneField(Profile, models.CASCADE, related_name="+")

        class Meta:
            app_label = "auth"

    class Order(models.Model):
        customer_key = models.CharField(max_length=64)  # the shop's own business

        class Meta:
            app_label = "auth"

    assert unregistered_models(Wish._meta.apps) == [Wish]
    assert Order in Wish._meta.apps.get_models()


@isolate_apps("django_microseg")
def test_many_to_many_table_is_reported_by_its_hidden_table() -> None:
    class Club(models.Model):
        people = models.ManyToManyField(Profile, related_name="+")

        class Meta:
            app_label = "django_microseg"

    found = unregistered_models(Club._meta.apps)
    assert [model._meta.object_name for model in found] == ["Club_people"]


def test_check_walks_the_projects_own_models() -> None:
    assert Profile in apps.get_models()
