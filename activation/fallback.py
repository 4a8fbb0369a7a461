"""By which other ways the codes of the journey may go when they did not arrive, so that each proves what it must.

A code that has travelled through two contacts proves that somebody reads one of them, and not which.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.fallback import next_way, send_instead
from activation.models import ActivationCode, ContactCode
from cards.dimensions import Channel
from cards.models.card import Contact
from messaging.models import Message

FIXED_TEXT_DIGITS = 6
"""What the one variable of a text may hold that a mainland carrier has approved."""


def activation_code_instead(message: Message) -> bool:
    """The same code by the card's next contact. From then on it shows no contact to be read, so the journey asks.

    Not where somebody has entered it: then it has arrived. One conditional UPDATE decides between the two.
    """
    at = timezone.now()
    unused = ActivationCode.objects.live(at).filter(Q(reserved_until=None) | Q(reserved_until__lte=at))
    unused = unused.filter(pk=message.subject_id)
    code = unused.select_related("card__programme").first()
    if code is None:
        return False
    programme = code.card.programme
    too_long = programme.fixed_text_sms and code.digits > FIXED_TEXT_DIGITS
    way = next_way(message, code.card.registered_contacts(), programme, never=[Channel.SMS] if too_long else [])
    if way is None:
        return False
    with transaction.atomic():
        # The sending is counted before the code is touched: in this order everybody locks them.
        sent = send_instead(message, way, counted_for=code.card.number)
        if sent and way.index != code.contact_index and not unused.update(contact_index=None):
            transaction.set_rollback(True)
            return False
    return sent


def contact_code_instead(message: Message) -> bool:
    """The same code to the same contact by another way, which is a call: it shows that this one contact is read."""
    codes = ContactCode.objects.live(timezone.now()).select_related("attempt__card__programme")
    code = codes.filter(pk=message.subject_id).first()
    if code is None or code.contact_index != code.attempt.contact_index:
        return False
    attempt = code.attempt
    contact = Contact(Channel(attempt.contact_channel), attempt.contact, code.contact_index)
    way = next_way(message, [contact], attempt.card.programme)
    return way is not None and send_instead(message, way, counted_for=str(attempt.card_id))
