"""Sessions sealed at rest: SESSION_ENGINE = "vault.sessions"."""

import base64
import logging
from typing import Any

from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as Rows
from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from vault.planned import planned_cursor
from vault.sealing import CannotUnseal, seal, unseal

logger = logging.getLogger("django.security.SuspiciousSession")
PURPOSE = "session"


def sealed_text(plain: bytes, session_key: str | None) -> str:
    """What `session_data` holds: `<key id>.<base64>`, worth nothing in another session's row."""
    key_id, _, body = seal(plain, bound_to=f"session|{session_key}", purpose=PURPOSE).partition(b".")
    return f"{key_id.decode()}.{base64.b64encode(body).decode()}"


def unsealed_bytes(text: str, session_key: str | None) -> bytes:
    """What `sealed_text` was given. Raises CannotUnseal."""
    key_id, _, body = text.partition(".")
    try:
        sealed = key_id.encode() + b"." + base64.b64decode(body)
    except ValueError:
        raise CannotUnseal("A session's row is not base64.") from None
    return unseal(sealed, bound_to=f"session|{session_key}", purpose=PURPOSE)


LOAD = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
CREATE = (
    "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s) "
    "ON CONFLICT (session_key) DO NOTHING"
)
UPDATE = "UPDATE django_session SET session_key = %s, session_data = %s, expire_date = %s WHERE session_key = %s"
KEY_LENGTH = 32


class SessionStore(Rows):
    """Django's database sessions, sealed and bound to their key. A row that cannot be opened is an empty session.

    Every page reads one and most answers write one, so each is one statement, and a new key moves the row: Django
    asks before it inserts, and inserts, reads, deletes and updates to change a key.
    """

    cycled_from: str | None = None
    """The key under which the row still lies, after `cycle_key` and until `save`."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        return sealed_text(self.serializer().dumps(session_dict), self.session_key)

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        try:
            return self.serializer().loads(unsealed_bytes(str(session_data), self.session_key))
        except (CannotUnseal, ValueError):
            logger.warning("A session could not be opened: its row was changed or copied, or its key is gone.")
            return {}

    def load(self) -> dict[str, Any]:
        with planned_cursor() as cursor:
            cursor.execute(LOAD, [self.session_key, connection.ops.adapt_datetimefield_value(timezone.now())])
            found = cursor.fetchall()
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])

    def save(self, must_create: bool = False) -> None:
        """Write the session. Raises CreateError when the key is taken, UpdateError when the row is gone."""
        if self.session_key is None:
            return self.create()
        data = self.encode(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        row = [self.session_key, data, connection.ops.adapt_datetimefield_value(self.get_expiry_date())]
        cycled_from, self.cycled_from = self.cycled_from, None
        with planned_cursor() as cursor:
            if not must_create:
                cursor.execute(UPDATE, [*row, cycled_from or self.session_key])
                if cursor.rowcount:
                    return None
                if cycled_from is None:
                    raise UpdateError
            cursor.execute(CREATE, row)  # somebody else changed the key at the same time: each has a session
            if not cursor.rowcount:
                raise CreateError
        return None

    def cycle_key(self) -> None:
        """Take a new key with the next `save`, so that nobody who knows the old one shares the session."""
        self._get_session()  # type: ignore[attr-defined]
        self.modified = True
        if self.session_key is not None:
            self.cycled_from = self.cycled_from or self.session_key
            self._session_key = self._get_new_session_key()

    def delete(self, session_key: str | None = None) -> None:
        super().delete(session_key or self.cycled_from)
        if session_key is None:
            self.cycled_from = None

    def _get_new_session_key(self) -> str:
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)
