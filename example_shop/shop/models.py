"""What the shop stores: the catalogue, carts, orders and what a customer told us about herself.

Money is kept as Decimal with two places, in one currency. The models know nothing of personalisation: the only modules
that speak to it are `tracking` and `discounts`.
"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

__all__ = [
    "CURRENCY",
    "Brand",
    "Cart",
    "CartLine",
    "Category",
    "CustomerProfile",
    "Order",
    "OrderLine",
    "Product",
    "Review",
]

CURRENCY = "GBP"


class Category(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    blurb = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "name")
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("shop:category", args=[self.slug])


class Brand(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    home = models.CharField(max_length=80, blank=True, help_text="Where the brand makes its things.")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    slug = models.SlugField(unique=True)
    sku = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="products")
    price = models.DecimalField(max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))])
    currency = models.CharField(max_length=3, default=CURRENCY)
    stock = models.PositiveIntegerField(default=0)
    attributes = models.JSONField(default=list, blank=True, help_text='A list such as ["eco-friendly", "vegan"].')
    colours = models.JSONField(default=list, help_text='Colour names, the first one leads: ["moss", "slate"].')
    sizes = models.JSONField(default=list, blank=True, help_text="Empty for things of one size.")
    description = models.TextField()
    details = models.JSONField(default=list, blank=True, help_text="Short facts, one per line of the product page.")
    drawing = models.CharField(max_length=20, help_text="Which silhouette the picture shows.")
    material = models.CharField(max_length=20, help_text="Which surface the picture shows.")
    launched_on = models.DateField()
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in which the catalogue shows it.")

    class Meta:
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("shop:product", args=[self.slug])

    @property
    def is_available(self) -> bool:
        return self.stock > 0

    @property
    def is_nearly_gone(self) -> bool:
        return 0 < self.stock <= 5


class Review(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="reviews")
    author = models.CharField(max_length=60)
    rating = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.TextField(max_length=1000)
    written_on = models.DateField()

    class Meta:
        ordering = ("-written_on", "pk")

    def __str__(self) -> str:
        return f"{self.author} on {self.product}"


class CustomerProfile(models.Model):
    class Gender(models.TextChoices):
        FEMALE = "female", "Woman"
        MALE = "male", "Man"
        OTHER = "other", "Another answer"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="customer")
    birthday = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=10, choices=Gender.choices, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO code, such as GB.")
    newsletter = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"Customer {self.user_id}"


class Cart(models.Model):
    """An open cart, of an account or of a session.

    It is deleted with the order; `updated_at` says when it was last changed.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="cart"
    )
    session_key = models.CharField(
        max_length=40,
        unique=True,
        null=True,
        blank=True,
        help_text="The key kept inside the visitor's session; it outlives the new session id that a login brings.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Cart {self.pk}"


class CartLine(models.Model):
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    size = models.CharField(max_length=10, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    quantity = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("cart", "product", "size", "colour"), name="shop_one_line_per_choice"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product}"

    @property
    def total(self) -> Decimal:
        return self.product.price * self.quantity


class Order(models.Model):
    class Status(models.TextChoices):
        PLACED = "placed", "Placed"
        CANCELLED = "cancelled", "Cancelled"
        REFUNDED = "refunded", "Refunded"

    number = models.CharField(max_length=20, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    email = models.EmailField(help_text="Where the confirmation goes; for a guest the only thing we know.")
    full_name = models.CharField(max_length=120)
    address = models.CharField(max_length=200)
    town = models.CharField(max_length=80)
    postcode = models.CharField(max_length=12)
    country = models.CharField(max_length=2, default="GB")
    placed_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLACED)
    coupon = models.CharField(max_length=20, blank=True)
    currency = models.CharField(max_length=3, default=CURRENCY)
    subtotal = models.DecimalField(max_digits=10, decimal_places=2)
    discount = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal("0.00"))
    delivery = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal("0.00"))
    total = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        ordering = ("-placed_at", "-pk")
        indexes = [
            models.Index(fields=("user", "-placed_at"), name="shop_order_user_placed"),
            models.Index(fields=("email", "status"), name="shop_order_email_status"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("shop:order", args=[self.number])

    @property
    def revenue(self) -> Decimal:
        """What the goods brought in: without delivery, after the discount."""
        return self.subtotal - self.discount


class OrderLine(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    product_slug = models.SlugField(help_text="Kept as it was, should the product go.")
    name = models.CharField(max_length=80)
    category = models.SlugField()
    brand = models.CharField(max_length=60)
    size = models.CharField(max_length=10, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    quantity = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.quantity} x {self.name}"

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity
