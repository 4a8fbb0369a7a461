"""Which gateway the settings name."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from messaging.gateways.console import ConsoleGateway
from messaging.gateways.email import EmailGateway
from messaging.gateways.file import FileGateway
from messaging.gateways.gateway import Gateway
from messaging.gateways.http import HttpGateway
from messaging.gateways.memory import MemoryGateway


class GatewayNotKnown(ValueError):
    """`SMS_URL` names no gateway that we have."""


def gateway_for(channel: str) -> Gateway[Any]:
    """A gateway for this channel, not yet connected. Raises GatewayNotKnown."""
    return EmailGateway() if channel == "email" else sms_gateway(settings.SMS_URL)


def sms_gateway(url: str) -> Gateway[Any]:
    """The gateway of an address: `console:`, `memory:`, `file:///folder`, `http://...` or `https://...`."""
    parts = urlsplit(url)
    if parts.scheme == "console":
        return ConsoleGateway()
    if parts.scheme == "memory":
        return MemoryGateway()
    if parts.scheme == "file" and parts.path.startswith("/"):
        return FileGateway(Path(unquote(parts.path)))
    if parts.scheme in {"http", "https"} and parts.hostname:
        return HttpGateway(url)
    raise GatewayNotKnown("SMS_URL must be console:, memory:, file:///folder, http://... or https://...")
