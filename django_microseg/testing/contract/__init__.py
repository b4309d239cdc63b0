"""What every adapter of a shop must keep to, as tests that ship.

An adapter's own tests derive from `AdapterContract`, say how to make a product, a cart and an order
in that shop, and inherit the rest. It works under pytest and as a mixin of Django's TestCase.
"""

from __future__ import annotations

from .carts import CartContract
from .categories import CategoryContract
from .hooks import ContractBroken, Hooks
from .orders import OrderContract
from .products import ProductContract

__all__ = ["AdapterContract", "ContractBroken", "Hooks"]


class AdapterContract(ProductContract, CategoryContract, CartContract, OrderContract):
    """All of it. Derive from this, and from TestCase or with ``pytest.mark.django_db``."""
