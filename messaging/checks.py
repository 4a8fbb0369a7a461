"""What must not be true of a production installation: messages that are written down where people can read codes."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Advice
from django.core.exceptions import ImproperlyConfigured
from django.template import Engine, TemplateDoesNotExist

from messaging.gateways.addresses import AddressesNotReadable
from messaging.gateways.chosen import GatewayNotKnown, email_gateway, gateway_addresses, gateway_at, gateway_names
from messaging.kinds import all_kinds

WRITES_DOWN = {"console", "file", "memory"}
EMAIL_WRITES_DOWN = {"console", "filebased", "locmem", "dummy", "file", "test"}
TEXTS = {
    "sms": ("sms.txt", "sms_fixed.txt"),
    "email": ("email_subject.txt", "email.txt"),
    "voice": ("voice.txt",),
}
PROVIDERS = {"aliyun", "tencent", "twilio"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def in_production() -> bool:
    """Neither the demo nor development, which may write codes down."""
    return bool(settings.MODE == "production")


@register(Tags.security)
def sms_url_sends(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """SMS_URL names gateways, and in production such that send."""
    return _addresses_send("SMS_URL", "sms")


@register(Tags.security)
def voice_url_sends(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """VOICE_URL names a gateway that calls, where it names any, and none that is called as one for text messages."""
    return _addresses_send("VOICE_URL", "voice") or _names_differ()


def _names_differ() -> list[CheckMessage]:
    """A name must say which gateway it is: messages, rates and receipts know nothing else of it."""
    try:
        alike = sorted(set(gateway_names("sms")) & set(gateway_names("voice")))
    except AddressesNotReadable:  # which `sms_url_sends` tells
        return []
    hint = "Put a name of its own in front of the address in VOICE_URL: name=https://..."
    return [Error(f"Two gateways are called {name}.", hint=hint, id="messaging.E007") for name in alike]


def _addresses_send(variable: str, channel: str) -> list[CheckMessage]:
    """What is wrong with the addresses of a channel's gateways. They hold passwords, so none is repeated."""
    hint = f"Set {variable} to https://user:password@host/path, or for development to console: or file:///folder."
    try:
        addresses = gateway_addresses(channel)
        for name, address in addresses.items():
            gateway_at(address, name)
    except ImproperlyConfigured:  # CODE_KEYS, which the address for receipts follows from: its own check says so
        return []
    except ValueError as error:
        reason = f" {error}" if isinstance(error, AddressesNotReadable | GatewayNotKnown) else ""
        return [Error(f"{variable} names no gateway that we have.{reason}", hint=hint, id="messaging.E002")]
    if not addresses and channel == "sms":
        return [Error(f"{variable} names no gateway.", hint=hint, id="messaging.E002")]
    return [problem for name, address in addresses.items() for problem in _address_sends(variable, name, address)]


def _address_sends(variable: str, name: str, address: str) -> list[CheckMessage]:
    parts = urlsplit(address)
    if in_production() and parts.scheme in WRITES_DOWN:
        hint = f"Set {variable} to https://..., the address of your gateway."
        text = f"{variable}={parts.scheme}: writes codes down and sends nothing; production refuses it."
        return [Error(text, hint=hint, id="messaging.E001")]
    options, here = dict(parse_qsl(parts.query)), parts.hostname in LOOPBACK
    if in_production() and parts.scheme in PROVIDERS and options.get("tls") == "0" and not here:
        hint = f"Take tls=0 out of {variable}: it is for a stand-in of the provider on this machine."
        text = f"The gateway {name} of {variable} sends keys and codes over an unencrypted connection."
        return [Error(text, hint=hint, id="messaging.E005")]
    plain = parts.scheme == "http" or (parts.scheme == "smpp" and options.get("tls") != "1")
    if in_production() and plain and not here:
        hint = f"Set {variable} to https://... (for smpp: tls=1), or reach the gateway by a private line."
        text = f"The gateway {name} of {variable} sends codes over an unencrypted connection."
        return [Advice(text, hint=hint, id="messaging.W001")]
    return []


@register(Tags.security)
def email_url_sends(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """In production EMAIL_URL names a backend that sends."""
    try:
        if settings.EMAIL_BACKEND.startswith("anymail."):
            email_gateway()
    except (ImportError, GatewayNotKnown, ImproperlyConfigured):
        # Its text could quote a setting.
        hint = "Install requirements-extras.txt, and give the provider's options as .env.example shows."
        return [Error("EMAIL_URL names a provider that cannot be used.", hint=hint, id="messaging.E006")]
    module = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if in_production() and module in EMAIL_WRITES_DOWN:
        hint = "Set EMAIL_URL to smtp+tls://user:password@host:587, the address of your mail server."
        text = f"The email backend {module} writes codes down and sends nothing; production refuses it."
        return [Error(text, hint=hint, id="messaging.E003")]
    apis = (urlsplit(str(value)) for name, value in settings.ANYMAIL.items() if name.endswith("_API_URL"))
    if in_production() and any(api.scheme == "http" and api.hostname not in LOOPBACK for api in apis):
        hint = "Take api_url out of EMAIL_URL: it is for a stand-in of the provider on this machine."
        return [Error("EMAIL_URL sends codes over an unencrypted connection.", hint=hint, id="messaging.E005")]
    plain = module == "smtp" and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL)
    if in_production() and plain and settings.EMAIL_HOST not in LOOPBACK:
        hint = "Set EMAIL_URL to smtp+tls://... or smtp+ssl://...; nothing behind a ? turns encryption on."
        text = "EMAIL_URL sends its password and codes over an unencrypted connection."
        return [Advice(text, hint=hint, id="messaging.W002")]
    return []


@register(Tags.security)
def kinds_have_texts(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every registered kind of message has its texts."""
    errors: list[CheckMessage] = []
    for kind in all_kinds():
        for name in (f"messages/{kind.name}/{text}" for channel in kind.channels for text in TEXTS[channel]):
            try:
                Engine.get_default().get_template(name)
            except TemplateDoesNotExist:
                text = f"The message kind {kind.name} has no text {name}."
                hint = "Add the file to templates/, or take the channel out of the kind's `channels`."
                errors.append(Error(text, hint=hint, id="messaging.E004"))
    return errors
