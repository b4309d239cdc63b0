"""The models of another hand-written shop, unlike the example shop's in every way that an adapter must bear.

Keys are UUIDs, amounts are cents, goods hang in several shelves and come in variants that are counted
apart, a basket is a purchase that was not placed, customers are no users, and a voided purchase is
marked by a flag. Marks are stuck on anything, and a book is a good with an author.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models

__all__ = ["ALL", "Book", "Client", "Good", "Item", "Maker", "Mark", "Purchase", "Shelf", "Variant"]


class Mark(models.Model):
    """A word stuck on anything."""

    word = models.CharField(max_length=20)
    kind = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=40)
    thing = GenericForeignKey("kind", "number")

    class Meta:
        app_label = "bazaar"

    def __str__(self) -> str:
        return self.word


class Shelf(models.Model):
    label = models.CharField(max_length=60)
    above = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="below")

    class Meta:
        app_label = "bazaar"

    def __str__(self) -> str:
        return self.label


class Maker(models.Model):
    label = models.CharField(max_length=60)

    class Meta:
        app_label = "bazaar"

    def __str__(self) -> str:
        return self.label


class Good(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    label = models.CharField(max_length=60)
    shelves = models.ManyToManyField(Shelf)
    maker = models.ForeignKey(Maker, on_delete=models.SET_NULL, null=True)
    cents = models.PositiveIntegerField(null=True)
    photo = models.FileField(blank=True)
    is_hidden = models.BooleanField(default=False)
    extra = models.JSONField(default=dict)
    marks = GenericRelation(Mark, content_type_field="kind", object_id_field="number")

    class Meta:
        app_label = "bazaar"

    def __str__(self) -> str:
        return self.label

    @property
    def left(self) -> int:
        return sum(variant.left for variant in self.variants.all())


class Book(Good):
    author = models.CharField(max_length=60)

    class Meta:
        app_label = "bazaar"


class Variant(models.Model):
    good = models.ForeignKey(Good, on_delete=models.CASCADE, related_name="variants")
    left = models.IntegerField()

    class Meta:
        app_label = "bazaar"

    def __str__(self) -> str:
        return f"{self.good_id} {self.pk}"


class Client(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=20, unique=True)

    class Meta:
        app_label = "bazaar"

    def __str__(self) -> str:
        return self.number


class Purchase(models.Model):
    """A basket until it is placed."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True)
    session = models.CharField(max_length=40, blank=True)
    mail = models.CharField(max_length=100, blank=True)
    touched = models.DateTimeField(auto_now=True)
    placed = models.DateTimeField(null=True)
    is_void = models.BooleanField(default=False)
    jotted = models.JSONField(default=list)

    class Meta:
        app_label = "bazaar"

    def __str__(self) -> str:
        return f"Purchase {self.pk}"

    def cents(self) -> int:
        return sum(item.count * item.cents for item in self.item_set.all())


class Item(models.Model):
    purchase = models.ForeignKey(Purchase, on_delete=models.CASCADE)
    variant = models.ForeignKey(Variant, on_delete=models.SET_NULL, null=True)
    count = models.DecimalField(max_digits=6, decimal_places=1)
    cents = models.PositiveIntegerField()

    class Meta:
        app_label = "bazaar"

    def __str__(self) -> str:
        return f"{self.count} x {self.variant_id}"


ALL = (Mark, Shelf, Maker, Good, Book, Variant, Client, Purchase, Item)
