"""What is live is published as a whole, with a higher version, also when two people publish at once."""

from __future__ import annotations

import datetime as dt
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from django_microseg.decide.models import Experience
from django_microseg.decide.publish import delete_experiences, publish_experiences, save_experience
from django_microseg.segment.models import Publication


def _experience(slug: str, **fields: object) -> Experience:
    return Experience(slug=slug, name=slug, **{"slot": "home-hero", "state": "live", "content_html": "x", **fields})


def _published() -> set[str]:
    return {each["slug"] for each in Publication.objects.get().experiences}


@pytest.mark.django_db
class TestPublish:
    def test_first_publication_makes_its_row(self):
        save_experience(_experience("one"), now=timezone.now())
        assert (_published(), Publication.objects.get().version) == ({"one"}, 1)

    def test_only_what_is_live_is_published(self):
        for slug, state in (("one", "live"), ("two", "draft"), ("three", "paused")):
            save_experience(_experience(slug, state=state), now=timezone.now())
        assert _published() == {"one"}

    def test_what_is_deleted_is_gone(self):
        save_experience(_experience("one"), now=timezone.now())
        assert delete_experiences(Experience.objects.all(), now=timezone.now()) == 1
        assert (_published(), Publication.objects.get().version) == (set(), 2)

    def test_rules_in_force_stand(self):
        Publication.objects.create(pk=1, version=7, ruleset={"definitions": []}, ruleset_version=5)
        assert publish_experiences(now=timezone.now()) == 8
        assert Publication.objects.values("ruleset", "ruleset_version").get() == {
            "ruleset": {"definitions": []},
            "ruleset_version": 5,
        }

    def test_row_holds_all_that_a_page_needs(self):
        moment = dt.datetime(2024, 11, 22, 10, tzinfo=dt.UTC)
        hero = _experience(
            "one",
            segments=["vip"],
            match="all",
            priority=3,
            starts_at=moment,
            created_at=moment,
            product_keys=["ridge-boot"],
        )
        save_experience(hero, now=moment)
        assert Publication.objects.get().experiences == [
            {
                "format": 1,
                "slug": "one",
                "slot": "home-hero",
                "segments": ["vip"],
                "match": "all",
                "content_html": "x",
                "template_name": "",
                "priority": 3,
                "starts_at": 1732269600000,
                "ends_at": None,
                "created_at": 1732269600000,
                "kind": "content",
                "order_keys": [],
                "product_keys": ["ridge-boot"],
                "offer": "",
            }
        ]


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_both_see_their_own():
    both = Barrier(2)

    def save(slug: str) -> None:
        both.wait()
        save_experience(_experience(slug), now=timezone.now())
        connection.close()

    for round_ in range(5):
        people = [Thread(target=save, args=(f"{who}-{round_}",)) for who in ("ada", "bea")]
        for person in people:
            person.start()
        for person in people:
            person.join()
        assert {f"ada-{round_}", f"bea-{round_}"} <= _published()
