"""What accounts says to people, built when it is sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts import code_purposes
from accounts.contacts import index_of, mask
from accounts.fallback import next_way, send_instead
from accounts.loss.not_me import start_of
from accounts.models import CardBinding, SignInCode
from accounts.signing_in.codes import ELSEWHERE
from accounts.signing_in.ways_in import ways_in
from cards.code_rules import SHORT
from cards.dimensions import Channel
from cards.models import Programme
from cards.models.card import Contact
from cards.one_time_codes import OneTimeCode, group
from cards.programmes import programme_by_code
from messaging.kinds import CODE_CHANNELS, Envelope, Kind
from messaging.models import Message
from pages.times import clock


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the messages of a programme by one channel have in common."""

    sender: str
    service: str
    hotline: str
    host: str
    fixed_text: bool
    zone: ZoneInfo | None

    @classmethod
    def of(cls, programme: Programme | None, channel: str) -> Self:
        """The programme's, or the portal's own. In the current language."""
        return cls(
            sender=_sender(programme, channel),
            service=programme.name if programme else _("Card activation"),
            hotline=programme.hotline if programme else "",
            host=_bound_host(programme),
            fixed_text=bool(programme and programme.fixed_text_sms),
            zone=programme.zone if programme else None,
        )


class CodeEnvelopes:
    """Addresses messages that carry a code, in the name of the message's programme, if it has one.

    Of one batch and one language: what many messages share is found out once. Runs in the worker, in that language.
    """

    def __init__(self) -> None:
        self._heads: dict[tuple[str, str], Letterhead] = {}
        self._moments: dict[tuple[ZoneInfo | None, datetime], str] = {}

    def address(
        self, code: OneTimeCode, to: str, message: Message, *, promised: timedelta | None = None, **more: str
    ) -> Envelope:
        """The envelope of one code, with `more` params. `promised`: how long it is said to live, if not to its end."""
        promised = promised or code.expires_at - code.issued_at
        return self.tell(code.derive(), code.expires_at, to, message, promised=promised, **more)

    def tell(
        self, digits: str, expires_at: datetime, to: str, message: Message, *, promised: timedelta, **more: str
    ) -> Envelope:
        """The envelope that tells these digits, whose end is known, with `more` params."""
        head = self._heads.get((message.programme_code, message.channel)) or self._head(message)
        until = expires_at.replace(second=0, microsecond=0)  # a clock tells no seconds
        return Envelope(
            to=to,
            language=message.language,
            params={
                "code": digits if len(digits) == SHORT.digits else group(digits),
                "minutes": minutes_told(message, expires_at, promised),
                "until": self._moments.get((head.zone, until)) or self._moment(head.zone, until),
                "hotline": head.hotline,
                "host": head.host,
                **more,
            },
            sender=head.sender,
            service=head.service,
            fixed_text=head.fixed_text,
        )

    def _head(self, message: Message) -> Letterhead:
        head = Letterhead.of(programme_by_code(message.programme_code), message.channel)
        return self._heads.setdefault((message.programme_code, message.channel), head)

    def _moment(self, zone: ZoneInfo | None, moment: datetime) -> str:
        with timezone.override(zone):
            return self._moments.setdefault((zone, moment), clock(moment))


def minutes_told(message: Message, expires_at: datetime, promised: timedelta) -> str:
    """The minutes that a message says the code works for; fewer where it stands in for one that did not arrive."""
    if message.in_place_of:
        promised = min(promised, expires_at - timezone.now())
    return str(max(int(promised.total_seconds()) // 60, 1))


def build_sign_in_code(message: Message) -> Envelope | None:
    """Address the code to the contact it was asked for. None once the code has ended or the contact has changed."""
    code = SignInCode.objects.live(timezone.now()).filter(pk=message.subject_id).select_related("user").first()
    if code is None:
        return None
    to = code.user.phone if code.channel == Channel.SMS else code.user.email
    return CodeEnvelopes().address(code, to, message, purpose=str(code_purposes.SIGN_IN))


def build_elsewhere(message: Message) -> Envelope | None:
    """Tell who reads a registered contact by which other one the card's account is opened; None once this is no more
    so."""
    binding = CardBinding.objects.live().filter(pk=message.subject_id).select_related("card__programme").first()
    card = binding.card if binding else None
    ways = ways_in(card) if card else None
    contacts = card.registered_contacts() if card else []
    to = next((one.address for one in contacts if one.index == message.contact_index), "")
    if card is None or ways is None or not to or mask(to) in ways.own:
        return None
    head = Letterhead.of(card.programme, message.channel)
    return Envelope(
        to=to,
        language=message.language,
        params={
            "tail": card.number_tail,
            "contact": ways.said,
            "link": f"{start_of(card.programme)}account/sign-in/",
            "hotline": head.hotline,
        },
        sender=head.sender,
        service=head.service,
        fixed_text=head.fixed_text,
    )


def _bound_host(programme: Programme | None) -> str:
    """Name the host that browsers may fill the code in on; they only do so behind TLS."""
    site = urlsplit(settings.PORTAL_URL)
    return (programme and programme.host_name) or site.hostname or "" if site.scheme == "https" else ""


def _sender(programme: Programme | None, channel: str) -> str:
    if programme is None:
        return ""
    return programme.email_sender if channel == Channel.EMAIL else programme.sms_sender


def sign_in_code_instead(message: Message) -> bool:
    """The same code to the same contact by another way: it signs in whoever reads that one contact."""
    code = SignInCode.objects.live(timezone.now()).filter(pk=message.subject_id).select_related("user").first()
    if code is None:
        return False
    address = code.user.phone if code.channel == Channel.SMS else code.user.email
    contact = Contact(Channel(code.channel), address, index_of(address))
    way = next_way(message, [contact], programme_by_code(message.programme_code))
    return way is not None and send_instead(message, way, counted_for=address)


def signed_in(codes: Collection[UUID]) -> int:
    """How many of these sign-in codes have been used."""
    return SignInCode.objects.filter(pk__in=codes, consumed_at__isnull=False).count()


SIGN_IN = pgettext_lazy("message", "Security code, to sign in")
KINDS = (
    Kind(
        "sign_in_code",
        build_sign_in_code,
        channels=CODE_CHANNELS,
        instead=sign_in_code_instead,
        used=signed_in,
        label=SIGN_IN,
    ),
    Kind(ELSEWHERE, build_elsewhere, label=pgettext_lazy("message", "Which contact signs in")),
)
