"""Runs one command with fresh servers: `python -m tests.servers -- pytest tests/collect`.

The command sees them as `TEST_DATABASE_URL`, `TEST_REDIS_URL` and, unless `--keep-default` is given, PostgreSQL as
`DATABASE_URL` too. The servers end with the command.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from contextlib import ExitStack

from tests.servers import ServerMissing, start_postgres, start_redis


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.add_argument("--keep-default", action="store_true", help="leave DATABASE_URL as it is")
    parser.add_argument("--icu", action="store_true", help="order text by ICU's English rules")
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    with ExitStack() as running:
        try:
            database = running.enter_context(start_postgres(icu=asked.icu))
            redis = running.enter_context(start_redis())
        except ServerMissing as error:
            print(error, file=sys.stderr)
            return 2
        print(f"servers: {database}, {redis}", flush=True)
        environment = os.environ | {"TEST_DATABASE_URL": database.url, "TEST_REDIS_URL": redis.url}
        if not asked.keep_default:
            environment["DATABASE_URL"] = database.url
        return subprocess.run(asked.command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
