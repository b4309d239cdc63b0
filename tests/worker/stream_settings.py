"""The example shop with its events in a stream; the environment says where."""

from __future__ import annotations

import os

from example_shop.settings import *  # noqa: F403
from example_shop.settings import MICROSEG as _OF_THE_SHOP

MICROSEG = {
    **_OF_THE_SHOP,
    "CACHE": None,
    "SINK": "redis",
    "SINK_URL": os.environ["STREAM_TEST_URL"],
    "SINK_STREAM": os.environ["STREAM_TEST_NAME"],
}
