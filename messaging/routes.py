"""Where a parcel may go, and how it is told there: destinations, senders and templates, read once for a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from messaging.answers import Failed, Refused
from messaging.destinations import destination_of, known_destinations
from messaging.gateways.gateway import GatewayRefused, GatewayUnavailable, GatewayUnfit, Mail, Sms
from messaging.models import GatewaySender, Message, ProviderTemplate
from messaging.rendering import FIXED_LANGUAGE, fixed_variables


@dataclass(frozen=True, slots=True)
class Route:
    """The gateways to try, the first choice first, and the country prefix that they were chosen by.

    `failed` is how an earlier choice has failed that may serve at another time.
    """

    gateways: tuple[str, ...]
    destination: str = ""
    failed: Failed | None = None

    def without(self, failure: Refused | Failed) -> "Route":
        """What is left after this failure."""
        gateways = tuple(name for name in self.gateways if name != failure.gateway)
        return replace(self, gateways=gateways, failed=failure if isinstance(failure, Failed) else self.failed)


class Routes:
    """The ways of a channel whose gateways have these names, in the default order."""

    def __init__(self, channel: str, names: Sequence[str]) -> None:
        self.channel, self.names = channel, tuple(names)
        self.all = Route(self.names)
        if channel == Message.Channel.EMAIL:
            return  # there is nothing to choose
        self.destinations = known_destinations()
        senders = GatewaySender.objects.filter(gateway__in=self.names)
        templates = ProviderTemplate.objects.filter(gateway__in=self.names)
        self.senders = {(one.programme_code, one.gateway): one for one in senders}
        self.templates = {(one.programme_code, one.gateway, one.kind, one.language): one for one in templates}

    def of(self, parcel: Sms | Mail) -> Route:
        """The gateways that its destination names, else all. Raises GatewayRefused, GatewayUnavailable."""
        if isinstance(parcel, Mail):
            return self.all
        destination = destination_of(parcel.to, self.destinations)
        if destination is None:
            raise GatewayRefused("the country is not allowed")
        named = tuple(name for name in destination.gateways if name in self.names)
        if destination.gateways and not named and self.channel == Message.Channel.SMS:
            raise GatewayUnavailable(f"none of the gateways named for {destination.prefix} is in SMS_URL")
        return Route(named or self.names, destination.prefix)

    def told(self, message: Message, parcel: Sms | Mail, gateway: str) -> Sms | Mail:
        """The parcel with the programme's sender and template at this gateway. Raises GatewayUnfit."""
        if isinstance(parcel, Mail):
            return parcel
        programmes = dict.fromkeys((message.programme_code, ""))
        sender = next((found for code in programmes if (found := self.senders.get((code, gateway)))), None)
        template = self._template(message, parcel, gateway)
        if sender is None and template is None:
            return parcel
        return replace(
            parcel,
            sender=sender.sender if sender else parcel.sender,
            template_id=template.template_id if template else "",
            params=_ordered(parcel.params, template, message.kind) if template else parcel.params,
        )

    def _template(self, message: Message, parcel: Sms, gateway: str) -> ProviderTemplate | None:
        """The programme's own before that of all; in the parcel's language before the one that carriers approve."""
        for code in dict.fromkeys((message.programme_code, "")):
            for language in dict.fromkeys((parcel.language, FIXED_LANGUAGE)):
                if found := self.templates.get((code, gateway, message.kind, language)):
                    return found
        return None


def _ordered(params: Mapping[str, str], template: ProviderTemplate, kind: str) -> dict[str, str]:
    """The variables that the approved text holds, in its order."""
    names: Sequence[str] = template.params or fixed_variables(kind)
    missing = [name for name in names if name not in params]
    if missing:
        raise GatewayUnfit(f"the message has no {missing[0]}, which the template holds")
    return {name: params[name] for name in names}
