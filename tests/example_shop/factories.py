"""Makes the shop's objects for tests, with figures that are easy to add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import factory
from django.contrib.auth.models import User

from example_shop.shop.models import Brand, Cart, CartLine, Category, Order, OrderLine, Product


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("slug",)

    slug = "boots"
    name = "Boots"


class BrandFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Brand
        django_get_or_create = ("slug",)

    slug = "karstwell"
    name = "Karstwell"


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    slug = factory.Sequence(lambda number: f"boot-{number}")
    sku = factory.Sequence(lambda number: f"BO-{number}")
    name = factory.Sequence(lambda number: f"Boot {number}")
    category = factory.SubFactory(CategoryFactory)
    brand = factory.SubFactory(BrandFactory)
    price = Decimal("40.00")
    stock = 20
    attributes = ["waterproof"]
    colours = ["moss", "ink"]
    sizes = ["8", "9"]
    description = "A boot."
    drawing = "boot"
    material = "leather"
    launched_on = date(2025, 1, 1)
    position = factory.Sequence(lambda number: number)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"hannah{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")


class CartFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cart

    user = factory.SubFactory(UserFactory)


class CartLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CartLine

    cart = factory.SubFactory(CartFactory)
    product = factory.SubFactory(ProductFactory)
    size = "8"
    colour = "moss"
    quantity = 1


class OrderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Order

    number = factory.Sequence(lambda number: f"T{number}")
    user = factory.SubFactory(UserFactory)
    email = factory.SelfAttribute("user.email")
    full_name = "Hannah Wren"
    address = "4 Bank Street"
    town = "Hebden Bridge"
    postcode = "HX7 8AA"
    subtotal = Decimal("40.00")
    delivery = Decimal("3.95")
    total = Decimal("43.95")


class OrderLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrderLine

    order = factory.SubFactory(OrderFactory)
    product = factory.SubFactory(ProductFactory)
    product_slug = factory.SelfAttribute("product.slug")
    name = factory.SelfAttribute("product.name")
    category = "boots"
    brand = "Karstwell"
    price = Decimal("40.00")
    quantity = 2
