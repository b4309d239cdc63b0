"""Keys of the shop that staff write into an experience: do they name anything that there is?

Comes in: keys of categories or products; goes out which of them the shop does not know.
"""

from __future__ import annotations

from collections.abc import Sequence

from django_microseg.shop.current import current_shop
from django_microseg.shop.no_shop import NoShop
from django_microseg.shop.values import CategoryInfo

__all__ = ["categories_of_shop", "knows_products", "unknown_categories", "unknown_products"]


def categories_of_shop() -> tuple[CategoryInfo, ...]:
    """All categories that the shop has told us of, in its own order; none if it has not."""
    return current_shop().categories()


def unknown_categories(keys: Sequence[str]) -> list[str]:
    """Keys that are no category. A shop that has told us of no categories may mean anything by them."""
    known = {category.key for category in categories_of_shop()}
    return [key for key in keys if key not in known] if known else []


def knows_products() -> bool:
    """Whether anybody can say what is in stock."""
    return not isinstance(current_shop(), NoShop)


def unknown_products(keys: Sequence[str]) -> list[str]:
    """Keys that are no product of the shop, whether in stock or not."""
    known = current_shop().products(keys) if keys else {}
    return [key for key in keys if key not in known]
