"""The example shop as a Django app.

It listens to Django's own login signal, so that a cart filled before the login is not lost.
"""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "example_shop.shop"
    label = "shop"
    verbose_name = "Marl & Moor"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from .carts import keep_cart_at_login

        user_logged_in.connect(keep_cart_at_login, dispatch_uid="shop.keep_cart_at_login")
