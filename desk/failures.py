"""Why a message was not sent or did not arrive, in the words of who reads it; a provider's stay as they are."""

import re
from typing import Any

from django.utils.translation import gettext, gettext_lazy

WRAPPED: tuple[tuple[re.Pattern[str], Any], ...] = (
    (re.compile(r"refused: (.+)"), gettext_lazy("refused by the gateway: %(why)s")),
    (re.compile(r"cannot connect: (.+)"), gettext_lazy("the gateway cannot be reached (%(why)s)")),
    (re.compile(r"cannot bind: (.+)"), gettext_lazy("the gateway does not let us in (%(why)s)")),
    (re.compile(r"broken answer: (.+)"), gettext_lazy("an answer that cannot be read (%(why)s)")),
    (re.compile(r"broken gateway: (.+)"), gettext_lazy("a mistake in the portal's program (%(why)s)")),
    (re.compile(r"(http \d+) without .+"), gettext_lazy("an answer without what belongs in it (%(why)s)")),
)
WORDS: dict[str, Any] = {
    "the country is not allowed": gettext_lazy("we do not send to this country"),
    "no answer in time": gettext_lazy("no answer in time"),
    "connection closed without an answer": gettext_lazy("the gateway hung up without an answer"),
    "not taken": gettext_lazy("not taken"),
    "recipient refused": gettext_lazy("the address is not taken"),
    "no template id for this kind of message": gettext_lazy("no approved text for this kind of message"),
    "no signature": gettext_lazy("no signature for this programme"),
    "no sender": gettext_lazy("no sender for this programme"),
}


def in_words(failure: str) -> str:
    """The reason in the current language. What only a provider can say stays in its own words."""
    for pattern, sentence in WRAPPED:
        if found := pattern.fullmatch(failure):
            return str(sentence % {"why": in_words(found[1])})
    if failure in WORDS:
        return str(WORDS[failure])
    return gettext(failure) if failure else ""
