"""The shop in Django's admin, plain.

At run time Django cannot say `ModelAdmin[Product]`, and the shop does not depend on the stubs that could: hence the
ignores.
"""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from .models import Brand, Cart, CartLine, Category, CustomerProfile, Order, OrderLine, Product, Review


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "position")
    list_editable = ("position",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Brand)
class BrandAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "home")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "sku", "category", "brand", "price", "stock")
    list_filter = ("category", "brand")
    list_select_related = ("category", "brand")
    search_fields = ("name", "sku", "description")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("product", "author", "rating", "written_on")
    list_filter = ("rating",)
    list_select_related = ("product",)


class _Lines(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class OrderLines(_Lines):
    model = OrderLine


class CartLines(_Lines):
    model = CartLine


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("number", "placed_at", "status", "email", "coupon", "total")
    list_filter = ("status", "coupon", "country")
    search_fields = ("number", "email", "full_name")
    date_hierarchy = "placed_at"
    raw_id_fields = ("user",)
    inlines = [OrderLines]


@admin.register(Cart)
class CartAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("pk", "user", "created_at", "updated_at")
    list_select_related = ("user",)
    raw_id_fields = ("user",)
    inlines = [CartLines]


@admin.register(CustomerProfile)
class CustomerProfileAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "birthday", "gender", "country", "newsletter")
    list_filter = ("gender", "country", "newsletter")
    list_select_related = ("user",)
    raw_id_fields = ("user",)
