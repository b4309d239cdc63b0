"""The kill switch in the admin: who may use it, that it asks first, and that staff sees that the shop is stopped."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from django_microseg.decide.switch import current_stop, start, stop

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/experience/"
SWITCH = f"{LIST}switch/"
MAY = ("view_experience", "stop_personalisation")


def test_stop_is_confirmed_recorded_and_told(staff):
    browser = staff(*MAY)
    page = browser.post(SWITCH, {"action": "stop", "note": "wrong <prices>"}, follow=True)
    stopped = current_stop()
    assert (page.redirect_chain, stopped.by, stopped.note) == ([(LIST, 302)], "user-0", "wrong <prices>")
    assert "Personalisation is stopped: every visitor sees the shop's defaults." in page.text
    assert "by user-0. wrong &lt;prices&gt;" in page.text
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.change_message) == ("user-0", "Stopped personalisation. wrong <prices>")


def test_start_is_recorded_and_the_banner_goes(staff):
    stop(by="ada", now=timezone.now())
    page = staff(*MAY).post(SWITCH, {"action": "start"}, follow=True)
    assert (current_stop(), "Personalisation is stopped" in page.text) == (None, False)
    assert LogEntry.objects.get().change_message == "Started personalisation again."


def test_looking_at_the_page_changes_nothing(staff):
    assert staff(*MAY).get(SWITCH).status_code == 200
    assert current_stop() is None


@pytest.mark.parametrize("posted", [{}, {"action": "start"}, {"action": "toggle"}])
def test_page_that_was_left_open_does_not_do_the_opposite(staff, posted):
    page = staff(*MAY).post(SWITCH, posted)
    assert (page.status_code, current_stop(), LogEntry.objects.count()) == (302, None, 0)


@pytest.mark.parametrize("permissions", [(), ("view_experience", "change_experience", "delete_experience")])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_permission_nobody_may(staff, permissions, method):
    page = getattr(staff(*permissions), method)(SWITCH, {"action": "stop"})
    assert (page.status_code, current_stop()) == (403, None)


def test_customer_is_sent_to_the_login(staff):
    page = staff(*MAY, is_staff=False).post(SWITCH, {"action": "stop"})
    assert (page.status_code, current_stop()) == (302, None)


def test_button_is_there_for_those_who_may_and_says_what_it_does(staff):
    browser, other = staff(*MAY), staff("view_experience")
    assert (
        f'<a href="{SWITCH}">Stop personalisation</a>' in browser.get(LIST).text,
        SWITCH in other.get(LIST).text,
    ) == (
        True,
        False,
    )
    stop(by="ada", now=timezone.now())
    assert f'<a href="{SWITCH}">Start personalisation</a>' in browser.get(LIST).text


def test_everybody_who_sees_the_list_sees_that_it_is_stopped(staff):
    stop(by="ada", note="wrong prices", now=timezone.now())
    assert "Personalisation is stopped" in staff("view_experience").get(LIST).text
    start(now=timezone.now())
    assert "Personalisation is stopped" not in staff("view_experience").get(LIST).text


def test_who_may_only_stop_comes_back_to_the_first_page(staff):
    page = staff("stop_personalisation").post(SWITCH, {"action": "stop"})
    assert (page.status_code, page.url) == (302, "/admin/")


def test_page_tells_the_last_times(staff):
    browser = staff(*MAY)
    browser.post(SWITCH, {"action": "stop", "note": "one"})
    browser.post(SWITCH, {"action": "start"})
    page = browser.get(SWITCH).text
    assert page.index("Started personalisation again.") < page.index("Stopped personalisation. one")
