"""P14, P15 and P18: one card, adding one, people who help, and the summary of a card."""

from accounts.models import CardBinding
from accounts.models.binding_codes import Whose
from accounts.tests.adding import a_card, asks, digits_of, helps, signed_in
from accounts.tests.factories import CardBindingFactory, UserFactory
from activation.tests.browser import Browser
from cards.dimensions import State
from cards.models import Card
from tests.browser.signing_in import EMAIL, PHONE


def somebody(at: str = "/cards/") -> Browser:
    return signed_in(UserFactory.create(phone=PHONE, email=EMAIL), at)


def own(page: str = "", *, helped: bool = False) -> Browser:
    """One's own card; `helped`: by two people."""
    card: Card = CardBindingFactory.create(card=a_card(), user__phone=PHONE, user__email=EMAIL).card
    for place in (1, 2) if helped else ():
        helps(UserFactory.create(phone=f"+861390000002{place}"), card, place)
    return signed_in(CardBinding.objects.get(card=card).user, f"/cards/{card.pk}/{page}")


def undecided(page: str = "", **answers: str) -> Browser:
    """Whose card it is, or whose help is to end, was not chosen."""
    browser = own(page, helped=True) if page else somebody("/cards/add/")
    browser.fill(**answers)
    return browser


def helping(page: str = "") -> Browser:
    card, helper = a_card(), UserFactory.create(phone=PHONE, email=EMAIL)
    helps(helper, card)
    return signed_in(helper, f"/cards/{card.pk}/{page}")


def entered(state: State = State.ACTIVE, *, elsewhere: bool = False) -> Browser:
    card = a_card(state)
    if elsewhere:
        CardBindingFactory.create(card=card)
    browser = asks(somebody())
    browser.fill(otp=digits_of(card))
    return browser


def done() -> Browser:
    entered()
    return signed_in(CardBinding.objects.get().user, "/cards/?done=added")


WALKS = {
    "one card": own,
    "one card, helped with": lambda: own(helped=True),
    "one card of somebody else": helping,
    "add a card": lambda: somebody("/cards/add/"),
    "add a card, code": lambda: asks(somebody()),
    "add a card, code of the holder": lambda: asks(somebody(), Whose.HELPED),
    "add a card, added": done,
    "add a card, in another account": lambda: entered(elsewhere=True),
    "add a card, not active yet": lambda: entered(State.PENDING_ACTIVATION),
    "remove a card": lambda: own("remove/", helped=True),
    "helpers of a card": lambda: own("helpers/", helped=True),
    "stop helping": lambda: helping("stop-helping/"),
    "card summary": lambda: own("summary/"),
}
WRONG = {
    "add a card": {"tail": "26", "contact": "138"},
    "add a card, code": {"otp": "04839"},
    "helpers of a card": dict[str, str](),
}
