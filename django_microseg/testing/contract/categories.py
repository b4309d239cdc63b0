"""The promises about categories, and about the addresses of the shop's pages."""

from __future__ import annotations

from .faults import faults_of
from .hooks import Hooks, hold, same
from .watch import watch

__all__ = ["CategoryContract"]


class CategoryContract(Hooks):
    """Tests of `categories` and `url_of`."""

    def test_categories_are_told_truly(self) -> None:
        shop = self.adapter()
        if not self.has_categories:
            same(shop.categories(), (), "The categories of a shop that has none")
            return
        made = {shop.key_of(self.make_category(title=title)): title for title in ("Contract tents", "Contract boots")}
        categories = watch(shop.categories).answer
        told = {each.key: each.title for each in categories}
        same({key: told.get(key) for key in made}, made, "The titles of categories, by their keys")
        same(len(told), len(categories), "The number of different keys of categories")
        same(shop.categories(), categories, "The categories, asked for once more")
        same([fault for each in categories for fault in faults_of(each)], [], "What is wrong with a category's value")
        orphans = [each.key for each in categories if each.parent_key and each.parent_key not in told]
        same(orphans, [], "Categories below one that is not told")

    def test_addresses_lead_somewhere_or_are_empty(self) -> None:
        shop = self.adapter()
        for page in ("cart", "checkout"):
            address = shop.url_of(page)
            hold(not address or "/" in address, f"The address of {page} is {address!r}, which is no address")
        same(shop.url_of("contract-no-such-page"), "", "The address of a page that nobody knows")
