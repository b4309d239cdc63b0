"""The example shop reads its database and its cache from two addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from example_shop import env

BASE = Path("/srv/shop")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///demo.sqlite3", "/srv/shop/demo.sqlite3"),
        ("sqlite:////var/lib/demo.sqlite3", "/var/lib/demo.sqlite3"),
        ("sqlite:///with%20space.sqlite3", "/srv/shop/with space.sqlite3"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_sqlite_is_a_file_in_wal_with_immediate_transactions(url: str, name: str) -> None:
    assert env.database(url, BASE) == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
        },
    }


def test_postgres_takes_account_password_port_and_options() -> None:
    assert env.database("postgres://shop:p%40ss@db.example:5433/orders?sslmode=require", BASE) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "orders",
        "USER": "shop",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize("url", ["postgresql://shop@/orders?host=/run/pg", "postgres://shop@%2Frun%2Fpg/orders"])
def test_postgres_takes_the_folder_of_a_unix_socket(url: str) -> None:
    assert env.database(url, BASE)["HOST"] == "/run/pg"


@pytest.mark.parametrize("url", ["mysql://shop@db/orders", "sqlite://", "orders.sqlite3"])
def test_an_address_of_nothing_we_know_is_refused_with_what_would_do(url: str) -> None:
    with pytest.raises(env.UnknownAddress, match="write sqlite:///path"):
        env.database(url, BASE)


def test_a_cache_in_redis_gives_up_soon_and_without_an_address_stays_in_the_process() -> None:
    redis = env.cache("redis://127.0.0.1:6379/0")

    assert redis["LOCATION"] == "redis://127.0.0.1:6379/0"
    assert redis["OPTIONS"] == {"socket_timeout": 0.1, "socket_connect_timeout": 0.1}
    assert env.cache(None)["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"
    assert env.cache("") == env.cache(None)
