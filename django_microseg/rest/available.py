"""Whether what the HTTP API is made with is installed. Imports none of it."""

from __future__ import annotations

from importlib.util import find_spec

__all__ = ["PACKAGES", "missing_packages"]

#: What must be importable, by the name under which it is installed.
PACKAGES = {"djangorestframework": "rest_framework", "drf-spectacular": "drf_spectacular"}


def missing_packages() -> list[str]:
    """Names of packages that are to be installed before there can be an API."""
    return [package for package, module in PACKAGES.items() if find_spec(module) is None]
