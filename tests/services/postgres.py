"""A PostgreSQL of its own in a temporary folder, from Debian's package."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import psycopg

from tests.services.processes import ServerProcess, free_port

SETTINGS = {
    "max_connections": "1000",
    "shared_buffers": "128MB",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}
FOR_TESTS = {
    "fsync": "off",  # costs no disk; a killed server still recovers, for the kernel keeps what was written
    "autovacuum": "off",  # it comes when it likes, and what it counts decides which index a query takes
}


def programs() -> Path | None:
    """The folder of the newest PostgreSQL on this machine, or None: Debian keeps its server programs off the PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if versions:
        return versions[-1]
    found = shutil.which("initdb")
    return Path(found).parent if found else None


class PostgresServer(ServerProcess):
    """`url` is for DATABASE_URL; `conninfo` for psycopg and for `psql`, `pg_dump` and their kin.

    It leaves out what only costs a test time. What is measured is measured `as_in_production`.
    """

    def __init__(self, *, as_in_production: bool = False) -> None:
        self.settings = SETTINGS if as_in_production else SETTINGS | FOR_TESTS
        # PostgreSQL refuses to run as root, and the user postgres cannot enter root's own temporary folders.
        self.user = "postgres" if os.geteuid() == 0 else None
        self.role = self.user or pwd.getpwuid(os.geteuid()).pw_name
        self.home = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
        self.data = self.home / "data"
        self.port = free_port()
        self.programs = programs() or Path()
        self.conninfo = f"host=127.0.0.1 port={self.port} user={self.role} dbname=postgres"
        self.url = f"postgres://{self.role}@127.0.0.1:{self.port}/postgres"
        command = [f"{self.programs}/postgres", "-D", f"{self.data}", "-k", f"{self.home}", "-p", f"{self.port}"]
        super().__init__(command, log=self.home / "log", ready=self.answers, user=self.user, stop_signal=signal.SIGINT)

    def answers(self) -> bool:
        """Whether it takes connections and answers a query."""
        try:
            with psycopg.connect(self.conninfo, connect_timeout=2) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    def start(self) -> Self:
        """Make the data folder at the first start; then start and wait until it answers."""
        if not self.data.exists():
            self._make_data()
        return super().start()

    def remove(self) -> None:
        """Kill it and delete its data."""
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def _make_data(self) -> None:
        become: list[str] = []
        if self.user:
            shutil.chown(self.home, self.user, self.user)
            become = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"]
        options = ["--auth=trust", f"--username={self.role}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        command = [*become, f"{self.programs}/initdb", *options, "-D", f"{self.data}"]
        subprocess.run(command, check=True, capture_output=True, cwd="/")
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.writelines(f"{name} = '{value}'\n" for name, value in self.settings.items())
