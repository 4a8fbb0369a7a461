"""How long a one-time code is, and how long it lives, by the way it travels. A programme may set its own."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cards.dimensions import Channel

LENGTHS = (6, 12)
FIXED_TEXT_PROMISE = timedelta(minutes=5)
"""What the fixed texts that mainland carriers approve promise, whatever the code's real life is."""


@dataclass(frozen=True)
class CodeRule:
    """`digits` of the code, its `lifetime`, and the shorter life that a fixed text may promise instead of it."""

    digits: int
    lifetime: timedelta
    fixed_promise: timedelta | None = None

    @property
    def promised(self) -> timedelta:
        """The life that the message tells the person: never longer than the real one."""
        return min(self.lifetime, self.fixed_promise or self.lifetime)


SHORT = CodeRule(6, timedelta(minutes=10))
"""Sign-in and PIN reset codes, by any channel."""

DEFAULTS: dict[str, CodeRule] = {
    Channel.SMS: SHORT,
    Channel.VOICE: SHORT,
    Channel.AGENT: SHORT,
    Channel.EMAIL: CodeRule(12, timedelta(hours=24)),
    Channel.LETTER: CodeRule(12, timedelta(days=21)),
    Channel.CARRIER: CodeRule(12, timedelta(days=21)),
}
"""NIST SP 800-63A rev. 4: confirmation codes live 10 minutes by text message, 24 h by email, 21 days by post."""


def rule_of(policy: dict[str, Any], channel: str, *, fixed_text_sms: bool = False) -> CodeRule:
    """Give the rule for a channel: what `policy` says, the default for what it leaves out."""
    default = DEFAULTS[Channel(channel)]
    own = policy.get(channel, {})
    minutes = own.get("minutes")
    return CodeRule(
        digits=own.get("digits", default.digits),
        lifetime=default.lifetime if minutes is None else timedelta(minutes=minutes),
        fixed_promise=FIXED_TEXT_PROMISE if fixed_text_sms and channel == Channel.SMS else None,
    )


def check_policy(policy: object) -> None:
    """Refuse a code policy with another shape than {"sms": {"digits": 6, "minutes": 10}, ...}, naming the place."""
    if not isinstance(policy, dict):
        raise ValidationError(_('The code policy must look like {"sms": {"digits": 6, "minutes": 10}}.'))
    for channel, rule in policy.items():
        if channel not in Channel.values:
            raise ValidationError(_("“%(c)s” is no channel. Use one of: %(all)s.") % _named(channel, Channel.values))
        if not isinstance(rule, dict) or not set(rule) <= {"digits", "minutes"}:
            raise ValidationError(_("“%(c)s” may only set: %(all)s.") % _named(channel, ["digits", "minutes"]))
        if rule.get("digits", 6) not in LENGTHS:
            raise ValidationError(_("“%(c)s”: digits must be 6 or 12.") % {"c": channel})
        minutes = rule.get("minutes", 1)
        if type(minutes) is not int or not 1 <= minutes <= 60 * 24 * 31:
            raise ValidationError(_("“%(c)s”: minutes must be a whole number from 1 to 44640.") % {"c": channel})


FALLBACKS = (Channel.EMAIL, Channel.VOICE, Channel.SMS)
"""Ways that are quick enough to carry a code once more."""


def default_fallback() -> list[str]:
    """Where a code goes that did not arrive, unless the programme says otherwise."""
    return [Channel.EMAIL.value]


def check_fallback(policy: object) -> None:
    """Refuse anything but a list of ways that can carry a code once more, each at most once."""
    every = [channel.value for channel in FALLBACKS]
    if not isinstance(policy, list) or not all(channel in every for channel in policy) or _doubled(policy):
        raise ValidationError(
            _("This must be a list of some of these, each once: %(all)s.") % {"all": ", ".join(every)}
        )


def _doubled(policy: list[str]) -> bool:
    return len(set(policy)) < len(policy)


def _named(channel: object, every: list[str]) -> dict[str, str]:
    return {"c": str(channel), "all": ", ".join(every)}
