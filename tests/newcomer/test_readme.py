"""The README's way into a shop, tried on a fresh project, and the way out again."""

from __future__ import annotations

from pathlib import Path

import pytest

from .project import Project, start_project
from .readme import blocks_of, lines_for

pytestmark = pytest.mark.slow

#: What is deleted to take us out: the README's settings but for the tag library.
LEFT_IN = 'TEMPLATES[0]["OPTIONS"]["libraries"]'
#: Two browsers: one whose visitor has said yes and looked at two things, one who has answered nothing.
_BROWSE = """
import json
from django.test import Client
from django_microseg.privacy.consent import PURPOSES, dump
AGENT = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"}
shopper, stranger = Client(headers=AGENT), Client(headers=AGENT)
shopper.cookies["microseg_consent"] = dump(PURPOSES, text_version="1")
pages = [browser.get(page).status_code for browser in (shopper, stranger) for page in ("/", "/p/1/", "/p/2/")]
print(json.dumps({"pages": pages, "shopper": shopper.get("/").text, "stranger": stranger.get("/").text}))
"""
_SELL = """
import json
from django.contrib.auth.models import User
from django.test import Client
from corner.models import Order
buyer = Client()
buyer.force_login(User.objects.get_or_create(username="ann")[0])
print(json.dumps([buyer.post("/buy/1/").status_code, Order.objects.count()]))
"""
_STOCK_SHELVES = """
import json
from corner.models import Product
Product.objects.bulk_create([Product(name="Boot", price=90), Product(name="Sock", price=9)])
print(json.dumps(Product.objects.count()))
"""
_MAKE_EXPERIENCE = """
import json
from django.contrib.auth.models import User
from django.test import Client
from django_microseg.segment.models import Segment
User.objects.create_superuser("marketer", "m@example.com", "walking-boots")
staff = Client()
staff.login(username="marketer", password="walking-boots")
staff.post("/admin/django_microseg/segment/add/", {
    "name": "Boot fans", "slug": "boot-fans", "rule_text": 'count("product_viewed", days=7) >= 2', "state": "active",
}, follow=True)
waiting = Segment.objects.get(slug="boot-fans")
staff.post(f"/admin/django_microseg/segment/{waiting.pk}/difference/", {
    "version": waiting.versions.get().pk, "live": "", "go": "1",
})
form = staff.get("/admin/django_microseg/experience/add/").context["adminform"].form
given = {name: field.initial for name, field in form.fields.items() if field.initial not in (None, "", [])}
added = staff.post("/admin/django_microseg/experience/add/", given | {
    "name": "For fans", "slug": "for-fans", "slot": "home-hero", "state": "live", "segments": ["boot-fans"],
    "match": "any", "content_html": "<h1>For fans of boots</h1>", "priority": "0",
})
print(json.dumps([added.status_code, str(added.context["errors"]) if added.context else ""]))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop that has followed the README."""
    project = start_project(tmp_path_factory.mktemp("newcomer"))
    assert project.look(_STOCK_SHELVES) == 2
    _append(project.settings, lines_for("settings.py"))
    _append(project.urls, lines_for("urls.py"))
    home = project.folder / "corner" / "templates" / "home.html"
    home.write_text(blocks_of("html")[0], encoding="utf-8")
    views = project.folder / "corner" / "views.py"
    views.write_text(_tracking(views.read_text(encoding="utf-8")), encoding="utf-8")
    return project


def _append(path: Path, lines: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{lines}\n")


def _tracking(views: str) -> str:
    """The README's import and call, in the view of a product."""
    (block,) = [block for block in blocks_of("python") if "track(" in block]
    imported, called = block.strip().split("\n\n", 1)
    sight = 'item = get_object_or_404(Product, pk=pk)\n    return render(request, "product.html"'
    assert sight in views
    return f"{imported}\n{views}".replace(sight, sight.replace("    return", f"    {called}\n    return"), 1)


def test_readme_needs_at_most_ten_lines() -> None:
    given = [
        *lines_for("settings.py").splitlines(),
        *lines_for("urls.py").splitlines(),
        *blocks_of("html")[0].splitlines(),
    ]
    assert 3 <= len([line for line in given if line.strip()]) <= 10


def test_shop_is_personal_after_the_readme_and_whole_after_the_way_out(project: Project) -> None:
    """One story, because each step builds on the one before."""
    migrated = project.manage("migrate")
    assert migrated.returncode == 0, migrated.stderr
    checked = project.manage("check")
    assert checked.returncode == 0, checked.stderr
    presets = project.manage("microseg_presets")
    assert presets.returncode == 0, presets.stderr
    assert project.look(_MAKE_EXPERIENCE) == [302, ""]

    seen = project.look(_BROWSE)
    assert seen["pages"] == [200] * 6
    assert ("For fans of boots" in seen["shopper"], "What everybody sees" in seen["shopper"]) == (True, False)
    assert ("For fans of boots" in seen["stranger"], "What everybody sees" in seen["stranger"]) == (False, True)
    assert project.look(_SELL) == [200, 1]

    _take_out(project)
    seen = project.look(
        _BROWSE.replace('dump(PURPOSES, text_version="1")', '"anything"').replace(
            "from django_microseg.privacy.consent import PURPOSES, dump\n", ""
        )
    )
    assert seen["pages"] == [200] * 6
    assert seen["shopper"] == seen["stranger"]
    assert "What everybody sees" in seen["shopper"]
    assert project.look(_SELL) == [200, 2]
    assert project.manage("check").returncode == 0
    assert (
        project.look(
            "import json; from django.test import Client; "
            "print(json.dumps(Client().post('/microseg/consent/', {'all': 'yes'}).status_code))"
        )
        == 404
    )


def _take_out(project: Project) -> None:
    """The tables go while the app is still there, then the lines."""
    gone = project.manage("migrate", "django_microseg", "zero")
    assert gone.returncode == 0, gone.stderr
    lines = [line for line in lines_for("settings.py").splitlines() if line and not line.startswith(LEFT_IN)]
    assert len(lines) == 3
    settings = project.settings.read_text(encoding="utf-8")
    for line in lines:
        settings = settings.replace(f"{line}\n", "")
    project.settings.write_text(settings, encoding="utf-8")
