"""Messages as files in a folder, for the demo's phone and mailbox; for development only: codes can be read there.

One JSON file a message: an SMS has to, sender, template, text, language, at; an email to, sender, subject, text, at.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from messaging.gateways.gateway import Gateway, GatewayUnavailable, Sms
from vault.ids import new_id


def write_entry(folder: Path, key: str, entry: dict[str, str]) -> None:
    """Keep one message. The same key again replaces the file, as a gateway that knows its keys delivers once."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    entry = entry | {"at": timezone.now().isoformat()}
    handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(entry, file, ensure_ascii=False, indent=1)
    # Renamed when complete, so that a reader never sees half a message.
    Path(temporary).replace(folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json")


def read_entries(folder: Path) -> list[dict[str, Any]]:
    """Every message in the folder, newest first; an empty list when there is no folder yet."""
    entries = []
    for path in folder.glob("*.json"):
        try:
            entries.append(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:  # replaced or deleted meanwhile
            continue
    return sorted(entries, key=lambda entry: str(entry.get("at", "")), reverse=True)


class FileGateway(Gateway[Sms]):
    name = "file"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def hand_over(self, parcel: Sms) -> str:
        entry = {
            "to": parcel.to,
            "sender": parcel.sender,
            "template": parcel.template,
            "text": parcel.text,
            "language": parcel.language,
        }
        try:
            write_entry(self.folder, parcel.idempotency_key, entry)
        except OSError as error:
            raise GatewayUnavailable(f"folder: {type(error).__name__}") from None
        return parcel.idempotency_key


class EmailBackend(BaseEmailBackend):
    """A Django email backend that writes into the folder `EMAIL_FILE_PATH`."""

    def __init__(self, fail_silently: bool = False, file_path: str = "", **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.folder = Path(file_path or getattr(settings, "EMAIL_FILE_PATH", ""))

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            key = str(mail.extra_headers.get("Message-ID") or new_id())
            entry = {
                "to": ", ".join(mail.to),
                "sender": mail.from_email,
                "subject": str(mail.subject),
                "text": str(mail.body),
            }
            write_entry(self.folder, key, entry)
        return len(email_messages)
