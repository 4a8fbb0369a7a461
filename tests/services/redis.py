"""A Redis of its own, from Debian's package."""

import shutil
import tempfile
from pathlib import Path

import redis

from tests.services.processes import ServerProcess, free_port


class RedisServer(ServerProcess):
    """`url` is for REDIS_URL. It keeps nothing on disk: a killed one comes back empty."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="portal-redis-"))
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", f"{self.home}"]
        super().__init__(
            ["redis-server", "--port", f"{self.port}", *options], log=self.home / "log", ready=self.answers
        )

    def client(self) -> "redis.Redis":
        """A new client with a timeout of 2 s."""
        return redis.Redis.from_url(self.url, socket_timeout=2, socket_connect_timeout=2)

    def answers(self) -> bool:
        """Whether it answers a PING."""
        try:
            with self.client() as client:
                return bool(client.ping())
        except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
            return False

    def remove(self) -> None:
        """Kill it and delete its folder."""
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)
