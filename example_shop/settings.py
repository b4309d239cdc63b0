"""Settings of the example shop. The environment may give `DATABASE_URL`, `REDIS_URL`, `DEBUG`, `SECRET_KEY` and
`ALLOWED_HOSTS`; without any of them the shop runs on a SQLite file and in one process."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from example_shop import env

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = os.environ.get("DEBUG", "1") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY") or ("insecure-example-shop-key" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("DEBUG is off and SECRET_KEY is not set: give it fifty random characters.")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

# The HTTP API answers without these two; they bring `manage.py spectacular`, which writes its OpenAPI document.
HAS_API = all(find_spec(name) for name in ("rest_framework", "drf_spectacular"))

INSTALLED_APPS = [
    "django_microseg",
    "example_shop.shop",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *(["rest_framework", "drf_spectacular"] if HAS_API else []),
]

MIDDLEWARE = [
    # Outermost: it hands over what it collected when the response is done and every transaction is closed.
    "django_microseg.middleware.MicrosegMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "example_shop.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "example_shop.urls"
WSGI_APPLICATION = "example_shop.wsgi.application"
ASGI_APPLICATION = "example_shop.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django_microseg.context_processors.segments",
            ],
            # Named apart, so that templates go on with their defaults when the app is taken out again.
            "libraries": {"microseg": "django_microseg.templatetags.microseg"},
        },
    },
]

# No ATOMIC_REQUESTS: under transaction_mode IMMEDIATE every page view would take SQLite's one write lock.
DATABASES = {
    "default": env.database(os.environ.get("DATABASE_URL") or "sqlite:///demo.sqlite3", BASE_DIR),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL")
CACHES = {"default": env.cache(REDIS_URL)}

# With a broker, workers do what otherwise `manage.py microseg_sweep` does (docs/celery.md).
if REDIS_URL:
    if find_spec("django_celery_beat"):
        INSTALLED_APPS += ["django_celery_beat"]
        CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
    CELERY_BROKER_TRANSPORT_OPTIONS = env.BROKER_OPTIONS
    CELERY_TASK_PUBLISH_RETRY = False
    CELERY_TASK_IGNORE_RESULT = True
    CELERY_TASK_ACKS_LATE = True
    CELERY_TASK_REJECT_ON_WORKER_LOST = True
    CELERY_TASK_TIME_LIMIT = 300
    CELERY_WORKER_PREFETCH_MULTIPLIER = 1

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "shop:login"
LOGIN_REDIRECT_URL = "shop:home"
LOGOUT_REDIRECT_URL = "shop:home"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "collected"

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SECURE_SSL_REDIRECT = not DEBUG
SECURE_HSTS_SECONDS = 0 if DEBUG else 3600

MICROSEG = {
    "CURRENCY": "GBP",
    # Web processes can share what they know only through a cache that they share.
    "CACHE": "default" if REDIS_URL else None,
    # Nobody watches how somebody pays, or looks at their own account.
    "SENSITIVE_PATHS": ["/checkout/", "/account/", "/thank-you/", "/login/", "/register/"],
    # Where the shop's models keep what personalisation asks for: paths, no code.
    "SHOP": {
        "product": {
            "model": "shop.Product",
            "key": "slug",
            "title": "name",
            "category": "category.slug",
            "brand": "brand.name",
            "price": "price",
            "currency": "currency",
            "stock": "stock",
            "image": {"name": "shop:picture", "args": ["slug"]},
        },
        "category": {"model": "shop.Category", "key": "slug", "title": "name"},
        "cart": {
            "model": "shop.Cart",
            "user": "user",
            "session_name": "shop_cart",
            "session_field": "session_key",
            "updated_at": "updated_at",
            "lines": {"path": "lines", "product": "product", "quantity": "quantity"},
        },
        "order": {
            "model": "shop.Order",
            "key": "number",
            "placed_at": "placed_at",
            "user": "user",
            "email": "email",
            "status": "status",
            "not_counted": ["cancelled", "refunded"],
            "total": "total",
            "currency": "currency",
            "coupon": "coupon",
            "lines": {
                "path": "lines",
                "product": "product_slug",
                "title": "name",
                "quantity": "quantity",
                "price": "price",
            },
        },
        "urls": {"cart": "shop:cart", "checkout": "shop:checkout"},
    },
}

REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
SPECTACULAR_SETTINGS = {"TITLE": "Marl & Moor", "VERSION": "1", "OAS_VERSION": "3.1.0", "SERVE_INCLUDE_SCHEMA": False}
