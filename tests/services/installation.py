"""The portal as in production: granian, a Celery worker and the beat, told everything by their environment."""

import os
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

from tests.services.processes import ServerProcess, free_port

HOST = "card.example.org"
KEY_RINGS = ("CODE_KEYS", "FIELD_ENCRYPTION_KEYS", "PIN_PEPPERS")
PORTAL = "portal.wsgi:application"
THREADS = 16
"""Requests that each of granian's two processes answers at once."""


class Speaking(ServerProcess):
    """A process that is ready once it has written a word since its last start."""

    def __init__(self, command: list[str], *, word: str, **options: Any) -> None:
        super().__init__(command, ready=self.has_said, **options)
        self.word, self._written_before = word.encode(), 0

    def start(self) -> Self:
        self._written_before = self.log.stat().st_size if self.log.exists() else 0
        return super().start()

    def has_said(self) -> bool:
        return self.word in self.log.read_bytes()[self._written_before :]


class WebServer(ServerProcess):
    """Granian with a WSGI application (`module:name`) on a free `port` of its own."""

    def __init__(self, application: str, **options: Any) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", f"{self.port}", "--workers", "2", "--blocking-threads", f"{THREADS}"]
        command += ["--backlog", "1024", "--workers-kill-timeout", "3", application]
        super().__init__(command, ready=self.is_ready, **options)

    def is_ready(self) -> bool:
        """Whether it says that it serves people."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


class Installation:
    """`web`, `worker` and `beat` are server processes, none of them started; leaving the block kills them.

    `code` is a clone with gathered static files; `logs` gets what each process writes. A test that derives codes or
    reads encrypted columns in its own process needs the same keys: `settings_of_keys`.
    """

    def __init__(self, code: Path, logs: Path, **environment: str) -> None:
        self.code, self.logs = code, logs
        rings: dict[str, Any] = {name: {"test": secrets.token_bytes(32)} for name in KEY_RINGS}
        self.settings_of_keys = rings | {"BLIND_INDEX_KEY": secrets.token_bytes(32)}
        self.environment = {
            **outside(),
            **{name: f"test:{rings[name]['test'].hex()}" for name in KEY_RINGS},
            "BLIND_INDEX_KEY": self.settings_of_keys["BLIND_INDEX_KEY"].hex(),
            **environment,
        }
        self.web = self.web_of(PORTAL)
        self.worker = self.worker_of("portal")
        self.beat = self.beat_of("portal")

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a management command."""
        return manage(self.code, self.environment, *command)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        for server in (self.web, self.beat, self.worker):
            server.kill()

    def web_of(self, application: str, **environment: str) -> WebServer:
        """A web server of another application, told the same and `environment`."""
        log = self.logs / ("web" if application == PORTAL else f"web of {application}")
        return WebServer(application, log=log, env=self.environment | environment, cwd=self.code)

    def beat_of(self, application: str, name: str = "beat", **environment: str) -> Speaking:
        """The beat of another Celery application."""
        return self._celery(application, name, "beat: Starting", ["beat"], environment)

    def worker_of(
        self, application: str, name: str = "worker", queues: str = "codes,urgent,bulk,celery", **environment: str
    ) -> Speaking:
        """A worker of another Celery application, or a further one; two processes, for all queues or for these."""
        command = ["worker", "-Q", queues, "-c2", "-n", f"{name}@%h"]
        return self._celery(application, name, " ready.", command, environment)

    def _celery(
        self, application: str, name: str, word: str, command: list[str], environment: dict[str, str]
    ) -> Speaking:
        """It ends with the test that started it, and not with the block of this installation."""
        whole = [sys.executable, "-m", "celery", "-A", application, *command]
        whole += ["--loglevel", self.environment["LOG_LEVEL"]]
        return Speaking(whole, word=word, log=self.logs / name, env=self.environment | environment, cwd=self.code)


def outside() -> dict[str, str]:
    """What a production installation is told besides its own keys; nobody answers at the addresses of its services."""
    return {
        "PATH": os.environ["PATH"],
        "PORTAL_MODE": "production",
        "PORTAL_URL": f"https://{HOST}",
        "TRUSTED_PROXY_COUNT": "1",
        "LOG_LEVEL": "DEBUG",
        "DJANGO_SECRET_KEY": secrets.token_hex(32),
        "SMS_URL": "http://127.0.0.1:9/",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "REDIS_URL": "redis://127.0.0.1:9/0",
    }


def manage(code: Path, environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run a management command of the portal whose code is in this folder."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=code,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
