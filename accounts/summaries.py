"""The summary of a card (P18): what its page and its PDF both say. Masked, without a PIN, a code or a full number."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.binding.rights import Held
from accounts.card_list import list_cards
from cards.dimensions import State
from cards.functions import CardFunction, read_functions
from cards.masks import mask_name
from cards.models import Card, CardEvent
from cards.translated import in_language
from pages.times import moment_told


class Fact(NamedTuple):
    """A label and words; those of a `number` read from left to right in every language."""

    label: Any
    words: Any
    number: bool = False


@dataclass(frozen=True)
class Summary:
    """Facts, functions as (name, words), and what stands below them; in the current language."""

    title: str
    facts: list[Fact]
    functions: list[tuple[str, str]]
    made: str
    note: str


def summarise(card: Card, at: datetime) -> Summary:
    """Tell what its holder may keep or hand in, in the current language and the programme's time zone."""
    (listed,) = list_cards([Held(card, helping=False)])
    programme = card.programme
    with timezone.override(programme.zone):
        facts = [
            Fact(_("Card"), programme.name),
            Fact(_("Issuer"), programme.issuer_name),
            Fact(_("Last 4 digits"), card.number_tail, number=True),
            Fact(_("Cardholder"), mask_name(card.holder_name)),
            Fact(_("Status"), listed.status.words),
            Fact(_("Activated"), moment_told(card.activated_at) if card.activated_at else ""),
            Fact(_("Expires"), date_format(card.expires_on, _("j F Y")) if card.expires_on else ""),
            Fact(pgettext("activation", "Reference"), _reference(card), number=True),
            Fact(_("Hotline"), programme.hotline, number=True),
            Fact(_("Hours"), in_language(programme.hotline_hours)),
        ]
        made = _("Made on %(moment)s") % {"moment": moment_told(at)}
    works = card.state == State.ACTIVE
    functions = read_functions(programme.functions, card.activated_at, programme.zone, kept=True) if works else []
    return Summary(
        title=_("Card summary"),
        facts=[Fact(one.label, str(one.words), one.number) for one in facts if one.words],
        functions=[(one.name, _told(one)) for one in functions],
        made=made,
        note=_("There is no PIN and no code in it."),
    )


def _told(function: CardFunction) -> str:
    opens = capfirst(function.opens)
    return _("%(first)s. %(second)s") % {"first": opens, "second": function.note} if function.note else opens


def _reference(card: Card) -> str:
    """The reference under which staff find the activation."""
    events = CardEvent.objects.filter(card=card, to_state=State.ACTIVE).exclude(reference="").order_by("at")
    return events.values_list("reference", flat=True).first() or ""
