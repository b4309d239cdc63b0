"""Starts consumers in turn and kills each with -9 a moment later: `python -m tests.worker.short_lived 50 7`.

One process loads Django once and forks, so that a consumer is at work within milliseconds. Every fifth is killed
wherever it is by then, also before it has begun; the others when they have had something in hand, which takes a busy
machine longer. Prints how many left something in their hands.
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
BUSY_SECONDS = 30.0
EARLY = 5


def main(kills: int, seed: int) -> int:
    django.setup()
    from django_microseg.collect.sinks.stream import GROUP, open_stream

    stream = open_stream(seconds=5.0)
    chance = random.Random(seed)
    caught = 0

    def has_something_in_hand(child: int) -> bool:
        try:
            holders = stream.client.xpending(stream.name, GROUP)["consumers"]
        except ResponseError:  # nobody has made the group yet
            return False
        return any(f"-{child}-".encode() in each["name"] for each in holders)

    for number in range(kills):
        child = os.fork()
        if child == 0:
            call_command("microseg_consume", loop=True, patience=PATIENCE_SECONDS, verbosity=0)
            os._exit(0)
        end = time.monotonic() + BUSY_SECONDS
        while number % EARLY and not has_something_in_hand(child) and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, 0.25))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        caught += has_something_in_hand(child)
    print(caught, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
