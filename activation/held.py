"""What this room holds about somebody."""

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.code_purposes import ACTIVATE
from accounts.contacts import mask
from accounts.held.holdings import CHUNK, Holding, register
from accounts.held.rows import Rows, own_cards, read, sent
from accounts.models import User
from activation.models import ActivationAttempt, ActivationCode, ContactCode, Invitation
from cards.functions import read_functions
from cards.identity_documents import DocumentType
from cards.masks import mask_id, mask_name
from messaging.models import Message

SENT = ("channel", "issued_at", "expires_at", "consumed_at")


def attempts(user: User) -> Rows:
    """How far an activation came, and what was typed, masked, until it is deleted 30 days after the result."""
    mine = ActivationAttempt.objects.filter(card__in=own_cards(user)).select_related("card__programme").order_by("pk")
    for attempt in mine.iterator(chunk_size=CHUNK):
        yield {
            "reference": attempt.reference,
            "card_ending_in": attempt.card.number_tail,
            "language": attempt.language,
            "opened_at": attempt.opened_at,
            "submitted_at": attempt.submitted_at,
            "verdict": attempt.get_verdict_display(),
            "verdict_at": attempt.verdict_at,
            "closed_at": attempt.closed_at,
            "functions": _functions(attempt),
            "typed": _typed(attempt),
        }


def _functions(attempt: ActivationAttempt) -> list[str]:
    zone = attempt.card.programme.zone
    functions = read_functions(attempt.functions, attempt.verdict_at, zone, kept=True)
    return [gettext("%(name)s: %(opens)s") % {"name": one.name, "opens": one.opens} for one in functions]


def _typed(attempt: ActivationAttempt) -> dict[str, str]:
    identity = attempt.identity
    typed = {"contact": mask(attempt.contact)} if attempt.contact else {}
    if not identity:
        return typed
    return typed | {
        "name": mask_name(identity["name"]),
        "document": capfirst(str(DocumentType(identity["id_type"]).label)),
        "document_number": mask_id(identity["id_number"]),
    }


def messages(user: User) -> Rows:
    """About the activation of one's cards: also those from before the account, and to the card's other contact."""
    cards = own_cards(user)
    codes = ActivationCode.objects.filter(card__in=cards).values("pk")
    attempts = ActivationAttempt.objects.filter(card__in=cards).values("pk")
    about = Message.objects.filter(Q(subject_id__in=codes) | Q(subject_id__in=attempts))
    contacts = [index for index in (user.phone_index, user.email_index) if index]
    return sent(about.exclude(contact_index__in=contacts, created_at__gte=user.created_at))


def codes(user: User) -> Rows:
    cards = own_cards(user)
    for row in read(ActivationCode.objects.filter(card__in=cards).order_by("pk"), "card__number_tail", *SENT):
        yield {"for": ACTIVATE, **row}
    for row in read(ContactCode.objects.filter(attempt__card__in=cards).order_by("pk"), *SENT):
        yield {"for": ACTIVATE, **row}


def invitations(user: User) -> Rows:
    return read(Invitation.objects.filter(card__in=own_cards(user)).order_by("pk"), "card__number_tail", "invited_at")


def register_all() -> None:
    """Have it told."""
    with_card = _("as long as the card exists")
    register(
        Holding(
            "activations",
            _("How your cards were activated"),
            _("To check that you are the cardholder"),
            _("what you typed until 30 days after the result, the rest as long as the card exists"),
            attempts,
            (ActivationAttempt,),
        )
    )
    register(
        Holding(
            "activation_codes",
            _("That activation codes were sent and used, not their digits"),
            _("So that a code works once only"),
            with_card,
            codes,
            (ActivationCode, ContactCode),
        )
    )
    register(
        Holding(
            "activation_messages",
            _("Other messages about activating your cards"),
            _("To see whether they arrive"),
            _("90 days"),
            messages,
            (),
        )
    )
    register(
        Holding(
            "invitations",
            _("That we invited you to activate a card"),
            _("So that we do not do it twice"),
            with_card,
            invitations,
            (Invitation,),
        )
    )
