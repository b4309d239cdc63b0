"""Real servers for the tests: PostgreSQL and a Redis-compatible one, found or started by the run itself.

`start_postgres()` and `start_redis()` hand out a running `Server`, or raise `ServerMissing` with the reason. They write
only to a temp folder, add no user, change no permission of a folder that is not theirs, and leave nothing behind.
"""

from tests.servers.orphans import sweep
from tests.servers.postgres import start_postgres
from tests.servers.redis import start_redis
from tests.servers.server import Server, ServerMissing

__all__ = ["Server", "ServerMissing", "start_postgres", "start_redis", "sweep"]
