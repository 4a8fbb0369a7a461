"""`CARRIER="seed=7 loss=0.2" make run`: text messages travel by a carrier that is as bad as these words say.

The phone shows what it delivers, the administration what its receipts say, `GET /ledger` at its address what came.
"""

import os
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from demo.carrier.conduct import Conduct, Unclear
from demo.carrier.server import Carrier
from messaging.gateways.addresses import named_addresses
from messaging.gateways.file import write_entry
from messaging.receipt_addresses import receipt_address
from portal.demo.environment import CannotGoOn, var_dir


def choose_address() -> None:
    """Before the settings are read: let SMS_URL name the carrier. Raises CannotGoOn when its words are not clear."""
    if "CARRIER" in os.environ:
        try:
            Conduct.read(os.environ["CARRIER"])
        except Unclear as mistake:
            raise CannotGoOn(f"CARRIER cannot be read. {mistake}") from None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            os.environ["SMS_URL"] = f"http://127.0.0.1:{probe.getsockname()[1]}"


def start_carrier() -> str:
    """Start it, if there is one, and give its address."""
    if "CARRIER" not in os.environ:
        return ""
    conduct, port = Conduct.read(os.environ["CARRIER"]), urlsplit(os.environ["SMS_URL"]).port
    tell = receipt_address("http")
    return Carrier(conduct, port=port or 0, receipts_url=tell, delivered=show_on_phone).start().url


def phone_address(sms_url: str) -> str:
    """Where the phone's messages are kept: where a `file:` of SMS_URL says, or where the carrier's arrive."""
    if "CARRIER" in os.environ:
        return f"file://{_phone()}"
    return next((address for address in named_addresses(sms_url).values() if address.startswith("file:")), "")


def show_on_phone(message: dict[str, Any]) -> None:
    """Keep one message that has arrived."""
    entry = {name: str(message[name]) for name in ("to", "sender", "template", "text", "language")}
    write_entry(_phone(), str(message["idempotency_key"]), entry)


def _phone() -> Path:
    return var_dir() / "sms"
