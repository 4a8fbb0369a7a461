"""Which gateways the settings name: several for text messages, one for email, one or none for calls."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from messaging.gateways.addresses import SMS_SCHEMES, named_addresses
from messaging.gateways.console import ConsoleGateway
from messaging.gateways.email import EmailGateway
from messaging.gateways.file import FileGateway
from messaging.gateways.gateway import Gateway
from messaging.gateways.memory import MemoryGateway
from messaging.receipt_addresses import receipt_address

EXTRA = "It is not known, or needs what requirements-extras.txt installs."
BY_ADDRESS = {
    "http": "messaging.gateways.http.HttpGateway",
    "https": "messaging.gateways.http.HttpGateway",
    "aliyun": "messaging.gateways.aliyun.AliyunGateway",
    "tencent": "messaging.gateways.tencent.TencentGateway",
    "twilio": "messaging.gateways.twilio.TwilioGateway",
    "smpp": "messaging.gateways.smpp.SmppGateway",
}
"""By name, because some need what not every installation has."""


class GatewayNotKnown(ValueError):
    """No gateway of this name, or none that we have at this address."""


def gateway_addresses(channel: str) -> dict[str, str]:
    """The addresses of the gateways for text messages ("sms") or calls ("voice") by name, in the default order.

    Raises AddressesNotReadable.
    """
    if channel == "voice":
        return named_addresses(settings.VOICE_URL, default_name="voice")
    return named_addresses(settings.SMS_URL)


def gateway_names(channel: str) -> list[str]:
    """The names of the gateways of a channel, in the default order; none where the channel has no gateway."""
    if channel == "email":
        return [email_gateway().name]
    return list(gateway_addresses(channel)) if channel in {"sms", "voice"} else []


def gateway_named(name: str) -> Gateway[Any]:
    """The gateway of this name, whatever its channel, not yet connected. Raises GatewayNotKnown."""
    address = (gateway_addresses("sms") | gateway_addresses("voice")).get(name)
    if address is not None:
        return gateway_at(address, name)
    email = email_gateway()
    if name != email.name:
        raise GatewayNotKnown("No gateway has this name.")
    return email


def gateways_for(channel: str) -> list[Gateway[Any]]:
    """The gateways of this channel, the first choice first, none connected yet. Raises GatewayNotKnown."""
    if channel == "email":
        return [email_gateway()]
    gateways = [gateway_at(address, name) for name, address in gateway_addresses(channel).items()]
    if not gateways:
        raise GatewayNotKnown("No gateway serves this channel.")
    return gateways


def email_gateway() -> EmailGateway:
    """The gateway of EMAIL_URL. Raises GatewayNotKnown when it needs what is not installed."""
    if not settings.EMAIL_BACKEND.startswith("anymail."):
        return EmailGateway()
    try:
        found: EmailGateway = import_string("messaging.gateways.anymail.AnymailGateway")()
    except ImportError:
        raise GatewayNotKnown(EXTRA) from None
    return found


def gateway_at(url: str, name: str) -> Gateway[Any]:
    """The gateway of one address. Raises GatewayNotKnown; AddressesNotReadable when something is missing."""
    parts = urlsplit(url)
    gateway: Gateway[Any]
    if parts.scheme == "console":
        gateway = ConsoleGateway()
    elif parts.scheme == "memory":
        gateway = MemoryGateway()
    elif parts.scheme == "file" and parts.path.startswith("/"):
        gateway = FileGateway(Path(unquote(parts.path)))
    elif parts.scheme in BY_ADDRESS and parts.hostname:
        gateway = _imported(BY_ADDRESS[parts.scheme])(url)
    else:
        schemes = ", ".join(f"{scheme}:" for scheme in SMS_SCHEMES)
        raise GatewayNotKnown(f"The address of a gateway begins with one of {schemes}")
    gateway.name, gateway.callback = name, receipt_address(name)
    return gateway


def _imported(dotted: str) -> Callable[[str], Gateway[Any]]:
    try:
        return import_string(dotted)
    except ImportError:
        raise GatewayNotKnown(EXTRA) from None
