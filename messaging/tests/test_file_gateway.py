"""The demo's inbox: messages as files that a page can read while they are written."""

import json
import stat
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from messaging.delivery import deliver_due
from messaging.gateways.email import EmailGateway
from messaging.gateways.file import FileGateway, read_entries
from messaging.gateways.gateway import GatewayUnavailable, Mail, Sms
from messaging.tests.factories import make_message, make_messages
from messaging.tests.secrets import EMAIL, PHONE, code_of


def test_an_sms_becomes_one_file(tmp_path: Path) -> None:
    with FileGateway(tmp_path / "sms") as gateway:
        gateway.send(Sms(PHONE, "示例大学", "contact_code", {"code": "048392"}, "验证码 048392", "zh-hans", "key-1"))
    (path,) = (tmp_path / "sms").iterdir()
    entry = json.loads(path.read_text(encoding="utf-8"))
    assert entry.pop("at").startswith("20")
    assert entry == {
        "to": PHONE,
        "sender": "示例大学",
        "template": "contact_code",
        "text": "验证码 048392",
        "language": "zh-hans",
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_same_key_again_is_not_a_second_message(tmp_path: Path) -> None:
    with FileGateway(tmp_path) as gateway:
        for key in ("key-1", "key-1", "key/../2"):
            gateway.send(Sms(PHONE, "", "contact_code", {}, "text", "en", key))
    assert len(read_entries(tmp_path)) == 2


@pytest.mark.django_db
def test_the_inbox_is_read_newest_first(tmp_path: Path, settings: Settings) -> None:
    settings.SMS_URL = f"file://{tmp_path}"
    first, second = make_messages(2)
    for message in (first, second):
        type(message).objects.exclude(pk=message.pk).update(next_try_at=message.deadline)
        type(message).objects.filter(pk=message.pk).update(next_try_at=message.created_at)
        deliver_due("sms", urgent=True, seconds=5)
    texts = [entry["text"] for entry in read_entries(tmp_path)]
    assert [text[:6] for text in texts] == [code_of(second.subject_id), code_of(first.subject_id)]


def test_no_folder_yet_is_an_empty_inbox(tmp_path: Path) -> None:
    assert read_entries(tmp_path / "nothing") == []


def test_half_a_message_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "tmpabc.part").write_text('{"to": "half')
    assert read_entries(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with FileGateway(blocked) as gateway, pytest.raises(GatewayUnavailable, match="folder: "):
        gateway.send(Sms(PHONE, "", "contact_code", {}, "text", "en", "key-1"))


def test_an_email_becomes_one_file(tmp_path: Path, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "messaging.gateways.file.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    with EmailGateway() as gateway:
        for _again in range(2):
            gateway.send(Mail(EMAIL, "", "Your security code", "048392\n", "en", "key-1"))
    EmailMessage("Another", "text", "a@example.com", ["b@example.com"]).send()
    entries = read_entries(tmp_path)
    assert [entry["subject"] for entry in entries] == ["Another", "Your security code"]
    assert set(entries[1]) == {"to", "sender", "subject", "text", "at"} and entries[1]["to"] == EMAIL


@pytest.mark.django_db
def test_an_email_folder_that_cannot_be_written_is_tried_again(tmp_path: Path, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "messaging.gateways.file.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "file")
    (tmp_path / "file").write_text("")
    message = make_message(channel="email")
    deliver_due("email", urgent=True, seconds=5)
    message.refresh_from_db()
    assert message.sent_at is None and message.dead_at is None and message.failure == "FileExistsError"
