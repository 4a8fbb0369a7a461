"""What an alert says by message: that there is one, and of which card; never the amount, nor where it was."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import pgettext_lazy

from accounts.loss.not_me import Notice, link_of, register
from accounts.messages import Letterhead
from accounts.models import CardBinding
from messaging.kinds import Envelope, Kind
from messaging.models import Message
from statements.alerting import KIND
from statements.models import Alert


def transaction_alert(message: Message) -> Envelope | None:
    """Address an alert to the contact it is for. None where that or the card is not the account's now."""
    alert = Alert.objects.filter(pk=message.subject_id).select_related("user", "transaction__card__programme").first()
    if alert is None:
        return None
    user, card = alert.user, alert.transaction.card
    if not CardBinding.objects.live().filter(card=card, user=user).exists():
        return None
    if message.contact_index == user.phone_index:
        to = user.phone
    elif message.contact_index == user.email_index:
        to = user.email
    else:
        return None
    head = Letterhead.of(card.programme, message.channel)
    return Envelope(
        to=to,
        language=message.language,
        params={
            "tail": card.number_tail,
            "rule": str(alert.get_rule_display()),
            "link": f"{settings.PORTAL_URL.rstrip('/')}/alerts/",
            "hotline": head.hotline,
            "not_me": link_of(message, card.programme),
        },
        sender=head.sender,
        service=head.service,
        fixed_text=head.fixed_text,
    )


def card_of_alert(alert_id: UUID) -> UUID | None:
    """Give the card that an alert is about: "it was not me" freezes it."""
    return Alert.objects.filter(pk=alert_id).values_list("transaction__card_id", flat=True).first()


def register_not_me() -> None:
    """Let an alert be answered by "it was not me"."""
    register(KIND, Notice(card_of_alert))


KINDS = (Kind(KIND, transaction_alert, label=pgettext_lazy("message", "Alert about a transaction")),)
