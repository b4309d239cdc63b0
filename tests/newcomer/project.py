"""A shop made by `startproject`, with two models written by hand, before anybody has heard of us.

Its commands run as processes of their own, as a newcomer runs them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Project", "start_project"]

ROOT = Path(__file__).resolve().parents[2]
_PREFACE = """
import django
from django.test.utils import setup_test_environment
django.setup()
setup_test_environment()
"""
_MODELS = """
from django.conf import settings
from django.db import models


class Product(models.Model):
    name = models.CharField(max_length=80)
    price = models.DecimalField(max_digits=8, decimal_places=2)


class Order(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    total = models.DecimalField(max_digits=8, decimal_places=2)
"""
_VIEWS = """
from django.shortcuts import get_object_or_404, render

from .models import Order, Product


def home(request):
    return render(request, "home.html")


def product(request, pk):
    item = get_object_or_404(Product, pk=pk)
    return render(request, "product.html", {"item": item})


def buy(request, pk):
    item = get_object_or_404(Product, pk=pk)
    order = Order.objects.create(user=request.user, total=item.price)
    return render(request, "bought.html", {"order": order})
"""
_URLS = """
from django.contrib import admin
from django.urls import include, path

from corner import views

urlpatterns = [
    path("", views.home),
    path("p/<int:pk>/", views.product),
    path("buy/<int:pk>/", views.buy),
    path("admin/", admin.site.urls),
]
"""


@dataclass(frozen=True)
class Project:
    """Where it lies."""

    folder: Path

    @property
    def settings(self) -> Path:
        return self.folder / "shop" / "settings.py"

    @property
    def urls(self) -> Path:
        return self.folder / "shop" / "urls.py"

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """``manage.py`` with these arguments."""
        return self._run("manage.py", *arguments)

    def look(self, script: str) -> Any:
        """What a script of Python within the shop's process says as JSON, on its last line."""
        done = self._run("-c", f"{_PREFACE}\n{script}")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        dropped = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        environment = {name: value for name, value in os.environ.items() if name not in dropped}
        environment |= {"DJANGO_SETTINGS_MODULE": "shop.settings", "PYTHONPATH": os.pathsep.join([".", str(ROOT)])}
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )


def start_project(folder: Path) -> Project:
    """`startproject` and `startapp`, with pages that sell two things."""
    for command in (["startproject", "shop", "."], ["startapp", "corner"]):
        subprocess.run([sys.executable, "-m", "django", *command], cwd=folder, check=True)
    corner = folder / "corner"
    (corner / "models.py").write_text(_MODELS, encoding="utf-8")
    (corner / "views.py").write_text(_VIEWS, encoding="utf-8")
    pages = corner / "templates"
    pages.mkdir()
    (pages / "home.html").write_text("<h1>What everybody sees</h1>", encoding="utf-8")
    (pages / "product.html").write_text("<h1>{{ item.name }}</h1>", encoding="utf-8")
    (pages / "bought.html").write_text("<h1>Thank you</h1>", encoding="utf-8")
    project = Project(folder)
    project.urls.write_text(_URLS, encoding="utf-8")
    with project.settings.open("a", encoding="utf-8") as file:
        file.write('\nINSTALLED_APPS = [*INSTALLED_APPS, "corner"]\n')
    _done(project.manage("makemigrations", "corner"))
    _done(project.manage("migrate"))
    return project


def _done(process: subprocess.CompletedProcess[str]) -> None:
    assert process.returncode == 0, process.stdout + process.stderr
