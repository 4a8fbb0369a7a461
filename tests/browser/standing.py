"""P0 and P21: pages that everyone may open."""

from datetime import UTC, datetime

from activation.tests.browser import Browser
from cards.tests.factories import ProgrammeFactory

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7"/></svg>'


def opened(address: str) -> Browser:
    ProgrammeFactory.create(logo_svg=LOGO)
    browser = Browser()
    browser.open(address)
    return browser


def all_programmes() -> Browser:
    ProgrammeFactory.create(code="transit", names={"en": "Transit card", "zh-hans": "市民交通卡"})
    return opened("/")


def closed() -> Browser:
    ProgrammeFactory.create(opens_on=datetime(2090, 1, 1, tzinfo=UTC))
    return opened("/campus/")


WALKS = {
    "start of all programmes": all_programmes,
    "start of a programme": lambda: opened("/campus/"),
    "start of a closed programme": closed,
    "help": lambda: opened("/campus/help/"),
    "privacy": lambda: opened("/campus/privacy/"),
    "accessibility": lambda: opened("/campus/accessibility/"),
    "terms": lambda: opened("/campus/terms/"),
}
