"""Issuer hosts: who says whether the person at the portal is the holder of the card."""

import hmac
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import timezone

from cards.folding import fold, name_key
from cards.models.card import Card
from cards.models.programme import Programme


class Outcome(StrEnum):
    """What a host can say."""

    PASSED = "passed"
    NOT_MATCHED = "not_matched"
    REFUSED = "refused"
    NEEDS_STAFF = "needs_staff"


@dataclass(frozen=True)
class Verdict:
    """A host's answer: the `outcome`, its `reason` for staff only, and the `functions` that activation unlocks.

    Functions are as stored in the programme (`cards.functions.read_functions` reads them in a language).
    """

    outcome: Outcome
    reason: str = ""
    functions: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class HostTransaction:
    """A transaction as a host tells it. `amount` is in smallest units of the currency: above 0 came in."""

    issuer_id: str
    at: datetime
    amount: int
    currency: str
    kind: str
    description: str = ""
    merchant_name: str = ""
    merchant_category: str = ""
    country: str = ""


@dataclass(frozen=True)
class HostBalance:
    """A balance as a host tells it, in smallest units of the currency."""

    amount: int
    currency: str
    as_of: datetime


class HostUnavailable(Exception):
    """The host could not be asked. Ask again later; nothing is known."""


class IssuerHost(ABC):
    """An issuer's system. `name` is what a programme's `issuer_host` says."""

    name: str
    has_feed = False
    """Whether it can be asked for transactions and balances that no file has brought."""
    feed_a_minute = 300
    """For how many cards of a programme it is asked in a minute at most, all workers together."""

    @abstractmethod
    def verify(self, *, card: Card, answers: Mapping[str, str]) -> Verdict:
        """Compare the answers ("name", "id_type", "id_number") with what the issuer knows of the card's holder.

        Changes nothing, so it may be asked again. Raises HostUnavailable.
        """

    def take_state(self, *, card: Card, reference: str) -> None:  # noqa: B027 - a host that reads ours needs no telling
        """Take note of the state that a reported card is in now (frozen, active again, closed).

        May come twice. Raises HostUnavailable, and is told again later. By default the host reads the portal's own
        records and has nothing to take.
        """

    def transactions(self, *, card: Card, since: datetime) -> Iterable[HostTransaction]:
        """Give the card's transactions from `since` on, in any order. Raises HostUnavailable."""
        return ()

    def balance(self, *, card: Card) -> HostBalance | None:
        """Give the card's balance, if the host knows one. Raises HostUnavailable."""
        return None

    def take_new_pin(self, *, card: Card, reset_id: UUID) -> bool:
        """Get ready for a new PIN of the card; say whether it may have one. The PIN itself is with its custody.

        May be asked again for the same `reset_id`, when an answer was lost. Raises HostUnavailable. By default the
        host has nothing to say, and only a card that is past its last day is refused.
        """
        today = timezone.localdate(timezone=card.programme.zone)
        return card.expires_on is None or card.expires_on >= today


class RecordsHost(IssuerHost):
    """The embedded host: compares with the record that the issuer imported."""

    name = "records"

    def verify(self, *, card: Card, answers: Mapping[str, str]) -> Verdict:
        """Compare every field the programme asks for, always all of them; the reason names those that differ."""
        programme = card.programme
        today = timezone.localdate(timezone=programme.zone)
        if card.expires_on is not None and card.expires_on < today:
            return Verdict(Outcome.REFUSED, "card_expired")
        typed, known = _identity(answers, programme), _identity(_record(card), programme)
        differing = [key for key, value in known.items() if not _alike(typed[key], value)]
        if differing:
            return Verdict(Outcome.NOT_MATCHED, "_and_".join([*differing]) + "_differs")
        return Verdict(Outcome.PASSED, "verified", list(programme.functions))


_HOSTS: dict[str, IssuerHost] = {}


def register(host: IssuerHost) -> None:
    """Make a host known by its name."""
    _HOSTS[host.name] = host


def host_for(programme: Programme) -> IssuerHost:
    """Give the host a programme chose. Raises KeyError for a name that nobody registered."""
    return _HOSTS[programme.issuer_host]


def host_names() -> list[str]:
    """List the hosts that a programme can choose."""
    return sorted(_HOSTS)


def feed_hosts() -> list[str]:
    """List the hosts that can be asked for transactions."""
    return [name for name in host_names() if _HOSTS[name].has_feed]


def _record(card: Card) -> dict[str, str]:
    return {"name": card.holder_name, "id_type": card.id_type, "id_number": card.id_number}


def _identity(answers: Mapping[str, str], programme: Programme) -> dict[str, str]:
    compared: dict[str, str] = {}
    if "name" in programme.identity_fields:
        compared["name"] = name_key(answers.get("name", ""))
    if "id_number" in programme.identity_fields:
        compared["id_type"] = answers.get("id_type", "")
        compared["id_number"] = fold(answers.get("id_number", ""))
    return compared


def _alike(typed: str, known: str) -> bool:
    """Compare in constant time. An empty record matches nothing."""
    return hmac.compare_digest(typed.encode(), known.encode()) and bool(known)


register(RecordsHost())
