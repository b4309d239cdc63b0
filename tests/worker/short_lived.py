"""Starts consumers in turn and kills each with -9 a moment later: `python -m tests.worker.short_lived 50 7`.

One process loads Django once and forks, so that a consumer is at work within milliseconds. Prints how many left
something in their hands.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time

import django
from django.core.management import call_command
from redis.exceptions import ResponseError

PATIENCE_SECONDS = 0.3


def main(kills: int, seed: int) -> int:
    django.setup()
    from django_microseg.collect.sinks.stream import GROUP, open_stream

    stream = open_stream(seconds=5.0)
    chance = random.Random(seed)
    caught = 0
    for _ in range(kills):
        child = os.fork()
        if child == 0:
            call_command("microseg_consume", loop=True, patience=PATIENCE_SECONDS, verbosity=0)
            os._exit(0)
        time.sleep(chance.uniform(0.02, 0.25))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        try:
            holders = stream.client.xpending(stream.name, GROUP)["consumers"]
        except ResponseError:  # it died before it had made the group, so it held nothing
            holders = []
        caught += any(f"-{child}-".encode() in each["name"] for each in holders)
    print(caught, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
