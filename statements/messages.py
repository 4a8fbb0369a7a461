"""What an alert says by message: that there is one, and of which card; never the amount, nor where it was."""

from django.conf import settings
from django.utils.translation import pgettext_lazy

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
        },
        sender=head.sender,
        service=head.service,
        fixed_text=head.fixed_text,
    )


KINDS = (Kind(KIND, transaction_alert, label=pgettext_lazy("message", "Alert about a transaction")),)
