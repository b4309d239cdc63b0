"""Tables of what is going on in places. None of them holds anything about a person."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..fields import DayField, InstantField, KeyField

__all__ = ["IS_COUNTRY", "Holiday", "LocalEvent", "PlaceWeather"]

IS_COUNTRY = RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters, as in DE."))


class _InPlace(models.Model):
    """A country and a region of it, as the shop's CDN or GeoIP database names them. Empty: everywhere in there."""

    country = KeyField(
        _("country"),
        max_length=2,
        blank=True,
        default="",
        validators=[IS_COUNTRY],
        help_text=_("Code of two letters, such as DE. Empty: everywhere."),
    )
    region = KeyField(
        _("region"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("As your CDN or GeoIP database names it, such as BY. Empty: the whole country."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        if self.region and not self.country:
            raise ValidationError({"country": _("A region lies in a country: name it.")})

    @property
    def place(self) -> str:
        return "-".join(filter(None, (self.country, self.region))) or str(_("everywhere"))


class Holiday(_InPlace):
    """A day that is special in a place, on the calendar that hangs there."""

    day = DayField(_("day"), db_index=True)
    name = models.CharField(_("name"), max_length=200)
    source = KeyField(_("source"), max_length=40, editable=False, default="admin")

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "region", "day"],
                name="microseg_one_holiday",
                violation_error_message=_("This place has a holiday on that day already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.day}, {self.place})"


class LocalEvent(_InPlace):
    """A fair, a match, a festival: something that lasts for a while in a place."""

    name = models.CharField(_("name"), max_length=200, help_text=_("What rules call it, in any capitals."))
    starts_at = InstantField(_("starts"))
    ends_at = InstantField(_("ends"), db_index=True)
    key = KeyField(max_length=64, editable=False, null=True, unique=True)

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("local event")
        verbose_name_plural = _("local events")

    def __str__(self) -> str:
        return f"{self.name} ({self.place})"

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("It ends after it starts.")})


class PlaceWeather(_InPlace):
    """The weather of a place, as long as somebody vouches for it."""

    class Kind(models.TextChoices):
        CLEAR = "clear", _("clear")
        CLOUDY = "cloudy", _("cloudy")
        RAIN = "rain", _("rain")
        SNOW = "snow", _("snow")

    weather = KeyField(_("weather"), max_length=20, choices=Kind)
    temperature = models.SmallIntegerField(_("temperature"), null=True, blank=True, help_text=_("In degrees Celsius."))
    valid_until = InstantField(_("holds until"), help_text=_("After that the weather is unknown."))
    source = KeyField(_("source"), max_length=40, editable=False, default="admin")

    class Meta:
        app_label = "django_microseg"
        verbose_name = _("weather")
        verbose_name_plural = _("weather")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "region"],
                name="microseg_one_weather",
                violation_error_message=_("This place has a weather already: change that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weather_display()} ({self.place})"
