"""`manage.py shop_catalogue`: put the printed catalogue into the database. May be run again after every change of the
data.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ...catalogue.load import load_catalogue


class Command(BaseCommand):
    help = "Loads or refreshes the example shop's categories, brands, products and sample reviews."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_catalogue()
        self.stdout.write(
            f"{loaded.products} products ({loaded.new_products} new) in {loaded.categories} categories "
            f"of {loaded.brands} brands, {loaded.new_reviews} new reviews."
        )
