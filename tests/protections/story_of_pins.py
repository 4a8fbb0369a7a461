"""New PINs by each of the three ways, with a mistake on every page, as people choose them."""

import re

from cards.models import Card
from tests.protections.people import BY_SMS, TYPED
from tests.protections.story import WholeStory, until
from tests.services.visitor import Visitor

WRONG, ONCE, EASY = (TYPED[f"PIN that {what}"] for what in ("was not the card's", "was typed once", "is too easy"))


def play(story: WholeStory, visitor: Visitor) -> None:
    """`visitor` is signed in and has one card, whose PIN is the one of the journey."""
    found = re.search(r'"(/cards/[0-9a-f-]{36}/pin/)change/"', visitor.open("/cards/").body)
    assert found, visitor.current.text
    page, other = found[1], TYPED["PIN by the old one"]
    visitor.open(f"{page}change/")
    visitor.fill(old=WRONG, pin=other, pin2=ONCE)
    visitor.fill(old=WRONG, pin=EASY, pin2=EASY)
    visitor.fill(old=WRONG, pin=other, pin2=other)
    assert "That is not the PIN of this card" in visitor.current.text
    visitor.fill(old=TYPED["PIN"], pin=other, pin2=other)
    until(lambda: "The PIN that you chose works now" in visitor.open(f"{page}done/").text)
    visitor.open(f"{page}status/")

    visitor.open(page)
    visitor.fill(via="sms")
    choose(story, visitor, "PIN by a code", "code for a new PIN")
    until(lambda: "The PIN that you chose works now" in visitor.open(f"{page}done/").text)

    stranger = story.visitor("/pin/forgot/")
    stranger.fill(card_number=BY_SMS.card_number, idno=BY_SMS.idno)
    choose(story, stranger, "PIN without an account", "code for a forgotten PIN")
    assert "the new PIN works from" in stranger.current.text
    assert Card.objects.filter(pins__stage="pending").count() == 1, "it waits for its day, and lies in the dump"


def choose(story: WholeStory, visitor: Visitor, pin: str, name: str) -> None:
    """Enter the code that comes to the phone, and the PIN that TYPED has under this name."""
    known, chosen = set(story.codes.values()), TYPED[pin]
    code = story.kept(name, lambda: newest if (newest := story.code_on_phone("pin_reset_code")) not in known else "")
    visitor.fill(otp=TYPED["code of six digits that was wrong"], pin=chosen, pin2=chosen)
    visitor.fill(otp=code, pin=chosen, pin2=ONCE)
    visitor.fill(otp=code, pin=EASY, pin2=EASY)
    visitor.fill(otp=code, pin=chosen, pin2=chosen)
    assert visitor.current.path.endswith("/done/"), visitor.current.text
