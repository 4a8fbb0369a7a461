"""`.env.example` names what the portal reads, and filled in it is fit for production."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

ASSIGNMENT = re.compile(r"^([A-Z_]+)=(.*)$", re.M)
MAY_BE_EMPTY = {"DJANGO_ALLOWED_HOSTS", "OPERATORS_EMAIL", "VOICE_URL"}
READ = re.compile(r"""\benv\.[a-z_]+\(\s*"([A-Z_]+)\"""")


def example(copy: Path) -> dict[str, str]:
    return dict(ASSIGNMENT.findall((copy / ".env.example").read_text()))


def filled_in(copy: Path) -> dict[str, str]:
    """The example with keys of its own, as its comments say to make them."""
    return {
        name: "" if name in MAY_BE_EMPTY else re.sub("^hex$|(?<=:)hex$|^$", secrets.token_hex(32), value)
        for name, value in example(copy).items()
    }


def manage(copy: Path, environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=copy,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=180,
    )


def test_example_names_every_variable_and_no_other(clean_copy: Path) -> None:
    read = set(READ.findall((clean_copy / "portal/settings.py").read_text()))
    assert set(example(clean_copy)) == read


def test_filled_in_example_is_fit_for_production(clean_copy: Path) -> None:
    environment = filled_in(clean_copy)
    gathered = manage(clean_copy, environment, "collectstatic", "--noinput", "--verbosity=0", "--skip-checks")
    assert gathered.returncode == 0, gathered.stderr
    checked = manage(clean_copy, environment, "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr


def test_example_as_it_is_names_the_keys_that_are_missing(clean_copy: Path) -> None:
    checked = manage(clean_copy, example(clean_copy), "check", "--deploy")
    assert checked.returncode != 0
    assert "CODE_KEYS" in checked.stderr


def test_a_value_in_single_quotes_is_read_by_a_shell_as_it_is_meant(tmp_path: Path) -> None:
    meant = "aliyun://ID:SECRET@dysmsapi.aliyuncs.com/?region=cn-hangzhou&x=1#y second=https://sms.example.org/send"
    (tmp_path / ".env").write_text(f"SMS_URL='{meant}'\n")
    told = subprocess.run(
        ["sh", "-c", "set -a; . ./.env; set +a; printenv SMS_URL"], cwd=tmp_path, capture_output=True
    )
    assert told.stdout.decode() == f"{meant}\n"
