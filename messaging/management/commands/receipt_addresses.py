"""python manage.py receipt_addresses"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from messaging.gateways.chosen import gateway_named, gateway_names
from messaging.gateways.gateway import Gateway
from messaging.models import Message
from messaging.receipt_addresses import receipt_address


class Command(BaseCommand):
    """For whoever enters them at the providers: who knows an address may report on messages, so keep them secret."""

    help = _(
        "Print the address that each gateway's provider reports to. Enter it where the provider asks for a callback, "
        "webhook or status report address, and show it to nobody else. It changes with the first key of CODE_KEYS; "
        "addresses by the other keys work until these are taken out."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a gateway that calls back: its name and the address."""
        names = [name for channel in Message.Channel.values for name in gateway_names(channel)]
        calling_back = [name for name in dict.fromkeys(names) if _calls_back(gateway_named(name))]
        for name in calling_back:
            self.stdout.write(f"{name} {receipt_address(name)}")
        if not calling_back:
            self.stderr.write(_("No gateway of this installation calls back."))


def _calls_back(gateway: Gateway[Any]) -> bool:
    return type(gateway).parse_receipts is not Gateway.parse_receipts
