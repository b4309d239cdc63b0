"""The shop's forms. They check what a visitor sends; what to do with it is decided elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UserCreationForm
from django.contrib.auth.models import User
from django.utils import timezone

from .carts import MOST_OF_ONE_THING
from .models import CustomerProfile, Product, Review

__all__ = [
    "COUNTRIES",
    "AddToCartForm",
    "CheckoutForm",
    "DetailsForm",
    "LoginForm",
    "QuantityForm",
    "RegisterForm",
    "ReviewForm",
]

COUNTRIES: tuple[tuple[str, str], ...] = (
    ("GB", "United Kingdom"),
    ("IE", "Ireland"),
    ("AU", "Australia"),
    ("DE", "Germany"),
    ("FR", "France"),
    ("NL", "Netherlands"),
    ("PL", "Poland"),
    ("US", "United States"),
)


# What to say instead of "This field is required.", five times over.
_MISSING = {
    "email": "We need an address for the confirmation.",
    "full_name": "We need a name for the parcel.",
    "address": "We need a street for the parcel.",
    "town": "We need a town.",
    "postcode": "We need a postcode.",
}


class AddToCartForm(forms.Form):
    """Size and colour are asked of the product, not of a fixed list."""

    size = forms.ChoiceField(required=False)
    colour = forms.ChoiceField(required=False)
    quantity = forms.IntegerField(min_value=1, max_value=MOST_OF_ONE_THING, required=False)

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        size, colour = self.fields["size"], self.fields["colour"]
        assert isinstance(size, forms.ChoiceField)
        assert isinstance(colour, forms.ChoiceField)
        size.choices = [(value, value) for value in product.sizes]
        size.required = bool(product.sizes)
        size.error_messages["required"] = "Please choose a size first."
        colour.choices = [(value, value) for value in product.colours]

    def clean_quantity(self) -> int:
        return self.cleaned_data.get("quantity") or 1


class QuantityForm(forms.Form):
    quantity = forms.IntegerField(min_value=0, max_value=MOST_OF_ONE_THING)


class CheckoutForm(forms.Form):
    email = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "email"}), help_text="For the confirmation only."
    )
    full_name = forms.CharField(
        label="Full name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    address = forms.CharField(
        label="Street and number", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    town = forms.CharField(max_length=80, widget=forms.TextInput(attrs={"autocomplete": "address-level2"}))
    postcode = forms.CharField(max_length=12, widget=forms.TextInput(attrs={"autocomplete": "postal-code"}))
    country = forms.ChoiceField(choices=COUNTRIES, widget=forms.Select(attrs={"autocomplete": "country"}))
    coupon = forms.CharField(
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in _MISSING.items():
            self.fields[name].error_messages["required"] = words


class LoginForm(AuthenticationForm):
    """Django's own, with the word the shop uses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"


class RegisterForm(UserCreationForm):  # type: ignore[type-arg]
    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    newsletter = forms.BooleanField(
        required=False, label="Send me the newsletter", help_text="About once a month. Never more than twice."
    )

    class Meta:
        model = User
        fields = ("username", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"
        self.fields["username"].help_text = ""

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 -- Django's signature
        user: User = super().save(commit=False)
        user.email = self.cleaned_data["email"]
        if commit:
            user.save()
            CustomerProfile.objects.create(user=user, newsletter=self.cleaned_data["newsletter"])
        return user


class DetailsForm(forms.ModelForm):  # type: ignore[type-arg]
    country = forms.ChoiceField(choices=(("", "I would rather not say"), *COUNTRIES), required=False)

    class Meta:
        model = CustomerProfile
        fields = ("birthday", "gender", "country", "newsletter")
        widgets = {"birthday": forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d")}
        labels = {"newsletter": "Send me the newsletter"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gender = self.fields["gender"]
        assert isinstance(gender, forms.ChoiceField)
        gender.choices = [("", "I would rather not say"), *CustomerProfile.Gender.choices]

    def clean_birthday(self) -> Any:
        birthday = self.cleaned_data["birthday"]
        if birthday and birthday > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        return birthday


class ReviewForm(forms.ModelForm):  # type: ignore[type-arg]
    rating = forms.TypedChoiceField(
        coerce=int,
        choices=[(5, "5, would buy again"), (4, "4, good"), (3, "3, all right"), (2, "2, not for me"), (1, "1, poor")],
    )

    class Meta:
        model = Review
        fields = ("rating", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        labels = {"text": "What should others know?"}
