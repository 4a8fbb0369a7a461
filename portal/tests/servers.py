"""What the tests of this room start as processes of their own: a production with settings we choose, and the demo."""

import json
import os
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from tests.services.processes import ServerProcess, free_port, listens

ROOT = Path(__file__).resolve().parent.parent.parent
BARE = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
GRANIAN = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "portal.wsgi:application"]


def production(**changes: str) -> dict[str, str]:
    """A fit environment of production, but for `changes`; an empty value unsets the variable."""
    environment = BARE | {
        "DJANGO_SECRET_KEY": secrets.token_hex(32),
        "CODE_KEYS": f"a:{secrets.token_hex(32)}",
        "FIELD_ENCRYPTION_KEYS": f"a:{secrets.token_hex(32)}",
        "PIN_PEPPERS": f"a:{secrets.token_hex(32)}",
        "BLIND_INDEX_KEY": secrets.token_hex(32),
        "PORTAL_URL": "https://card.example.org",
        "DATABASE_URL": "postgres://portal@127.0.0.1:1/portal",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "SMS_URL": "http://127.0.0.1:1/send",
    }
    return {name: value for name, value in (environment | changes).items() if value}


def run(command: list[str], environment: Mapping[str, str], cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a Python module to its end, which must come within three minutes; stderr is in stdout."""
    return subprocess.run(
        [sys.executable, *command],
        env=dict(environment),
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=180,
        check=False,
    )


def web(environment: Mapping[str, str], *, log: Path, cwd: Path = ROOT) -> tuple[ServerProcess, str]:
    """A web process of production that is not started yet, and its address."""
    port = free_port()
    command = [sys.executable, "-m", *GRANIAN, "--port", str(port)]
    return ServerProcess(command, log=log, ready=lambda: listens(port), env=environment, cwd=cwd), _local(port)


def demo(var: Path, *, log: Path, **changes: str) -> tuple[ServerProcess, str]:
    """The demo that `make run` starts, its files in `var`, not started yet, and its address."""
    port = free_port()
    environment = BARE | {"PORTAL_VAR": str(var), "PORT": str(port)} | changes
    command = [sys.executable, "-m", "portal.demo"]
    return ServerProcess(command, log=log, ready=lambda: listens(port), env=environment, cwd=ROOT), _local(port)


def _local(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def fetch(url: str, timeout: float = 20, **headers: str) -> tuple[int, str]:
    """The status and the body of an answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def readiness(base: str) -> tuple[int, dict[str, str]]:
    """The status of `/readyz` and the state of each part."""
    status, body = fetch(f"{base}/readyz")
    return status, json.loads(body)
