"""Sends one of each kind with segment-analytics-python: `python send.py HOST KEY`. Run by a test."""

from __future__ import annotations

import sys

from segment.analytics.client import Client


def main(host: str, key: str) -> None:
    faults: list[Exception] = []
    client = Client(key, host=host, gzip=True, on_error=lambda error, items: faults.append(error))
    client.track(anonymous_id="anon-1", event="Product Viewed", properties={"product_id": "p1"})
    client.page(anonymous_id="anon-1", category="Shop", name="Home", properties={"path": "/"})
    client.screen(anonymous_id="anon-1", name="Start")
    client.identify(user_id="ada", anonymous_id="anon-1", traits={"gender": "female", "email": "ada@example.com"})
    client.group(user_id="ada", group_id="acme")
    client.track(
        user_id="ada",
        event="Order Completed",
        properties={"order_id": "O-1", "revenue": 25.0, "products": [{"product_id": "p1", "price": 25.0}]},
    )
    client.alias(previous_id="anon-2", user_id="ada")
    client.flush()
    client.join()
    sys.exit(f"not delivered: {faults}" if faults else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
