"""What of a programme cannot be changed any more, because cards were made by it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cards.dimensions import PinStatus
from cards.models import Card, Programme

COUNTED = 10_000


class CardsStandAgainst(Exception):
    """Cards that there are would not satisfy the rule in `field`; its text is the sentence that staff read."""

    def __init__(self, field: str, sentence: Any, count: int) -> None:
        super().__init__(sentence % {"count": f"{count:,}+" if count == COUNTED else f"{count:,}"})
        self.field = field


def refuse_what_cards_do_not_satisfy(*, programme: Programme, given: Mapping[str, Any]) -> None:
    """Raise CardsStandAgainst for a narrower rule or another kind of a programme with cards, or another length of PINs
    in use.

    Numbers are encrypted, and a million of them cannot be opened while somebody waits: so a rule may only get wider.
    Counts no further than COUNTED.
    """
    if "kind" in given and given["kind"] != programme.kind:
        _refuse(programme, "kind", _("%(count)s cards are of the present kind. It has to stay."))
    if "number_length" in given and given["number_length"] != programme.number_length:
        _refuse(programme, "number_length", _("%(count)s cards have the present number of digits. It has to stay."))
    if not covers(given.get("number_prefixes"), programme.number_prefixes):
        sentence = _("%(count)s cards were taken by the present prefixes. You can add some, or empty the list.")
        _refuse(programme, "number_prefixes", sentence)
    if given.get("number_luhn") and not programme.number_luhn:
        sentence = _("%(count)s cards were taken without a Luhn digit. It cannot be asked of them now.")
        _refuse(programme, "number_luhn", sentence)
    if "pin_length" in given and given["pin_length"] != programme.pin_length:
        sentence = _("%(count)s cards have a PIN of the present length. It has to stay.")
        _refuse(programme, "pin_length", sentence, pin_status__in=WITH_PIN)


WITH_PIN = sorted(set(PinStatus) - {PinStatus.NOT_SET})


def covers(new: object, old: Sequence[str]) -> bool:
    """Whether every number that begins with one of the old prefixes begins with one of the new; none takes all."""
    if not isinstance(new, list) or not new:
        return True
    return bool(old) and all(any(one.startswith(str(wider)) for wider in new) for one in old)


def _refuse(programme: Programme, field: str, sentence: Any, **which: Any) -> None:
    count = Card.objects.filter(programme=programme, **which)[:COUNTED].count()
    if count:
        raise CardsStandAgainst(field, sentence, count)
