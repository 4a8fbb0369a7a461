"""Canaries go through the whole story; then everything that was written down on the way is searched for them.

Real processes: granian, a Celery worker, the beat, PostgreSQL, Redis, a mail server and an SMS gateway, all of them
with the logs that they ship with, at level DEBUG.
"""

import base64
import json
import re
import subprocess
import zlib
from collections.abc import Callable, Iterator
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cards.models import Card
from cards.tests.factories import ProgrammeFactory
from tests.protections import story_of_pins
from tests.protections.conftest import database_url
from tests.protections.people import BY_EMAIL, BY_LETTER, PEOPLE, TYPED, write_cards
from tests.protections.scanner import Scanner
from tests.protections.story import WholeStory
from tests.services.installation import Installation
from tests.services.postgres import programs
from tests.services.processes import ServerProcess
from tests.services.redis import RedisServer
from tests.services.sms import SmsGateway
from tests.services.smtp import SmtpServer
from tests.services.visitor import Answer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres", "with_its_keys")]

#: What a page may hold although it is a canary, and why. Everything else is a leak.
ALLOWED = (
    # What was typed and not accepted is shown again, to be corrected: one's own words, in one's own browser.
    (r"^/activate/enter-code/", {"card number"}),
    (r"^/code/new/", {"card number"}),
    (r"/confirm-identity/", {"name", "name that was wrong"}),
    (r"/confirm-contact/", {"phone", "phone with its country", "phone of somebody else"}),
    (r"^/account/sign-in/", {"email", "email of somebody else"}),
    # It opens nothing: its check digit is wrong. Its owner compares it with the email, group by group.
    (r"^/activate/enter-code/", {"code that was mistyped"}),
)

#: What the stock admin draws its pictures with: numbers with gaps, of which 44 read as codes of six digits.
DRAWINGS = re.compile(r"<svg.*?</svg>", re.DOTALL)


@pytest.fixture
def installation(
    django_db_setup: None,
    production_code: Path,
    redis_server: RedisServer,
    sms_gateway: SmsGateway,
    smtp_server: SmtpServer,
    tmp_path: Path,
) -> Iterator[Installation]:
    told = {"DATABASE_URL": database_url(), "REDIS_URL": redis_server.url}
    told |= {"SMS_URL": sms_gateway.url, "EMAIL_URL": smtp_server.url}
    with Installation(production_code, tmp_path, **told) as installation:
        yield installation


@pytest.fixture
def monitor(redis_server: RedisServer, tmp_path: Path) -> Iterator[Path]:
    """Every command that Redis was sent, tasks and all."""
    log = tmp_path / "redis"
    command = ["redis-cli", "-p", f"{redis_server.port}", "monitor"]
    with ServerProcess(command, log=log, ready=lambda: b"OK" in log.read_bytes()):
        yield log


def test_nothing_is_found_outside_the_encrypted_columns(
    installation: Installation,
    monitor: Path,
    redis_server: RedisServer,
    sms_gateway: SmsGateway,
    smtp_server: SmtpServer,
) -> None:
    ProgrammeFactory.create(code="campus", email_sender="", id_types=["resident_id"])
    said = import_and_tell(installation)
    story = WholeStory(installation.web.port, sms_gateway, smtp_server)
    with installation.worker, installation.beat, installation.web:
        story.activate()
        visitor = story.sign_in()
        story_of_pins.play(story, visitor)
        story.sign_out(visitor)
        story.look_as_staff()
        installation.worker.stop()  # what is asked for now stays on its queue
        story.visitor("/code/new/").fill(card_number=BY_LETTER.card_number, contact=BY_LETTER.phone)
        queued = keys_and_values(redis_server)
    assert b"accounts.tasks.answer_code_requests" in queued
    assert set(Card.objects.values_list("state", flat=True)) == {"active"}

    people = {name: value for who, person in PEOPLE.items() for name, value in person.canaries(who).items()}
    scanner = Scanner(people | TYPED | story.codes)
    written = {"dump": dump(), "Redis": queued, "commands": said} | logs(installation)
    assert {"web", "worker", "beat", "redis"} <= {name for name, text in written.items() if len(text) > 500}
    assert {name: found for name, text in written.items() if (found := scanner.find(text))} == {}
    assert leaks_in_pages(story.answers, scanner) == {}
    assert len(story.codes) == 7


ENCODINGS: dict[str, Callable[[str], str]] = {
    "clear": str,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "zlib in base64": lambda text: base64.b64encode(zlib.compress(text.encode())).decode(),
    "hex": lambda text: text.encode().hex(),
    "JSON": lambda text: json.dumps([text]),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_is_planted_is_found_wherever_it_lies(
    installation: Installation, redis_server: RedisServer, encoding: str
) -> None:
    planted = {"name": BY_LETTER.name, "ID number": BY_LETTER.idno, "PIN": TYPED["PIN"], "email": BY_EMAIL.email}
    scanner = Scanner(planted)
    with connection.cursor() as cursor, redis_server.client() as redis_client:
        cursor.execute("CREATE TABLE scratch (clear text, bytes bytea)")
        for value in planted.values():
            hidden = ENCODINGS[encoding](value)
            cursor.execute("INSERT INTO scratch VALUES (%s, NULL)", [hidden])
            cursor.execute("INSERT INTO scratch VALUES (NULL, %s)", [hidden.encode()])
            redis_client.lpush("scratch", hidden)
            with (installation.logs / "web").open("a") as log:
                log.write(f'{{"event": "typed", "value": {json.dumps(hidden)}}}\n')
        try:
            places = {"dump": dump(), "Redis": keys_and_values(redis_server)} | logs(installation)
        finally:
            cursor.execute("DROP TABLE scratch")
            redis_client.delete("scratch")
    assert {name: scanner.find(text) for name, text in places.items()} == {name: set(planted) for name in places}
    page = Answer(200, "/activate/X/choose-pin/", HTTPMessage(), f"<p>{ENCODINGS[encoding](TYPED['PIN'])}</p>")
    assert leaks_in_pages([page], scanner) == {page.path: {"PIN"}}


def import_and_tell(installation: Installation) -> bytes:
    """Import the file and tell the holders, and give what the commands said."""
    cards = installation.logs / "cards.csv"
    write_cards(cards)
    done = [
        installation.manage("import_cards", str(cards), "--programme", "campus"),
        installation.manage("issue_codes", "--programme", "campus", "--channel", "email"),
        installation.manage("issue_codes", "--programme", "campus", "--channel", "sms"),
    ]
    cards.unlink()
    assert [command.returncode == 0 for command in done] == [False, True, True], "one row was refused"
    return "".join(command.stdout + command.stderr for command in done).encode()


def leaks_in_pages(answers: list[Answer], scanner: Scanner) -> dict[str, set[str]]:
    """By address, what pages, their headers and their addresses hold and may not."""
    leaks: dict[str, set[str]] = {}
    for answer in answers:
        allowed = {what for pattern, these in ALLOWED if re.search(pattern, answer.path) for what in these}
        body = DRAWINGS.sub("", answer.body) if answer.path.startswith("/admin/") else answer.body
        found = scanner.find(f"{body}\n{answer.headers}\n{answer.path}".encode())
        if leaked := {name for name in found if name.rpartition("'s ")[2] not in allowed}:
            leaks.setdefault(answer.path, set()).update(leaked)
    return leaks


def logs(installation: Installation) -> dict[str, bytes]:
    """What each process wrote."""
    return {log.name: log.read_bytes() for log in installation.logs.iterdir() if log.is_file()}


def dump() -> bytes:
    """The whole database as `pg_dump` writes it."""
    command = [f"{programs()}/pg_dump", "--dbname", database_url().replace("postgres://", "postgresql://")]
    return subprocess.run(command, check=True, capture_output=True).stdout


def keys_and_values(server: RedisServer) -> bytes:
    """Everything Redis holds."""
    reading: dict[bytes, Callable[[Any, bytes], list[bytes]]] = {
        b"string": lambda client, key: [client.get(key)],
        b"list": lambda client, key: client.lrange(key, 0, -1),
        b"set": lambda client, key: list(client.smembers(key)),
        b"zset": lambda client, key: client.zrange(key, 0, -1),
        b"hash": lambda client, key: [part for pair in client.hgetall(key).items() for part in pair],
    }
    with server.client() as connected:
        client: Any = connected
        return b"\n".join(part for key in client.keys() for part in (key, *reading[client.type(key)](client, key)))  # noqa: SIM118
