"""Sessions sealed at rest: SESSION_ENGINE = "vault.sessions"."""

import base64
import logging
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Rows

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


class SessionStore(Rows):
    """Django's database sessions, sealed and bound to their key. A row that cannot be opened is an empty session."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        return sealed_text(self.serializer().dumps(session_dict), self.session_key)

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        try:
            return self.serializer().loads(unsealed_bytes(str(session_data), self.session_key))
        except (CannotUnseal, ValueError):
            logger.warning("A session could not be opened: its row was changed or copied, or its key is gone.")
            return {}
