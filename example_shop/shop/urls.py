"""Where the shop answers."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from .forms import LoginForm
from .views import account, cart, catalogue, checkout, pages, pictures

app_name = "shop"

urlpatterns = [
    path("", catalogue.home, name="home"),
    path("c/<slug:slug>/", catalogue.category, name="category"),
    path("p/<slug:slug>/", catalogue.product, name="product"),
    path("p/<slug:slug>/review/", catalogue.review, name="review"),
    path("search/", catalogue.search, name="search"),
    path("cart/", cart.cart, name="cart"),
    path("cart/add/<slug:slug>/", cart.add, name="add-to-cart"),
    path("cart/line/<int:line_id>/", cart.change, name="change-line"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("thank-you/<str:number>/", checkout.thank_you, name="thank-you"),
    path("account/", account.account, name="account"),
    path("account/details/", account.details, name="details"),
    path("account/orders/<str:number>/", account.order, name="order"),
    path("account/orders/<str:number>/cancel/", account.cancel, name="cancel-order"),
    path("account/orders/<str:number>/refund/", account.refund, name="refund-order"),
    path("register/", account.register, name="register"),
    path(
        "login/",
        LoginView.as_view(
            template_name="shop/login.html",
            authentication_form=LoginForm,
            next_page="shop:account",
            redirect_authenticated_user=True,
        ),
        name="login",
    ),
    path("logout/", LogoutView.as_view(next_page="shop:home"), name="logout"),
    path("about/", pages.about, name="about"),
    path("privacy/", pages.privacy, name="privacy"),
    path("preferences/", pages.preferences, name="preferences"),
    path("pictures/landscape/<slug:name>.svg", pictures.landscape_picture, name="landscape"),
    path("pictures/<slug:slug>.svg", pictures.product_picture, name="picture"),
]
