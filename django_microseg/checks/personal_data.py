"""Can everything that may hold a person be handed out and removed?"""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage

from django_microseg.privacy.registry import unregistered_models

from .findings import finding

__all__ = ["check_personal_data"]


def check_personal_data(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Tables with a link to a person and no export and erase handler."""
    return [finding("E060").message(obj=model, model=model.__name__) for model in unregistered_models()]
