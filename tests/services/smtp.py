"""A mail server that keeps what it gets, and refuses on request."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller

from tests.services.mailbox import Mailbox
from tests.services.processes import free_port


class SmtpServer(Mailbox[EmailMessage]):
    """`url` is for EMAIL_URL. `reply` is its answer to a whole mail: "250 OK", "451 try later", "550 no such user".

    A mail counts as received only when `reply` begins with 250; the others are counted in `refused`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.reply = "250 OK"
        self.refused = 0
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take or refuse one mail; aiosmtpd calls it."""
        if not self.reply.startswith("250"):
            self.refused += 1
            return self.reply
        mail = message_from_bytes(envelope.content.replace(b"\r\n", b"\n"), _class=EmailMessage, policy=policy.default)
        mail["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.add(mail)
        return self.reply

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._controller.stop()
