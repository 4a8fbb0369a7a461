"""PIN custody: the only module in which a PIN is in the clear, and only while a call lasts."""

import hmac
from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cards.dimensions import PinStatus
from cards.models.card import Card
from cards.models.pin import Pin
from cards.models.programme import Programme
from vault.keyrings import ring
from vault.sweeping import delete_in_steps


@dataclass(frozen=True)
class Kept:
    """What custody gives back to be stored: the secret, and the id of the pepper or key it was made with."""

    secret: str
    pepper_id: str
    custody: str = "local"


class PinCustody(ABC):
    """Who keeps PINs: `local` checks them here; a `sealed` one will hand them to an issuer host, unread."""

    name: str

    @abstractmethod
    def keep(self, card_id: UUID, pin: str) -> Kept:
        """Turn a PIN into what may be stored, bound to its card."""

    @abstractmethod
    def check(self, card_id: UUID, kept: Kept, pin: str) -> bool:
        """Say whether `pin` is the one that was kept for this card, in a time that does not tell."""

    @abstractmethod
    def is_outdated(self, kept: Kept) -> bool:
        """Say whether it should be kept anew when the PIN is next seen."""


class LocalCustody(PinCustody):
    """Argon2id over HMAC-SHA256(pepper, card and PIN), for issuers whose PIN is checked here.

    A million PINs are few: the hash alone would fall in a day to whoever has the database. The pepper is not there.
    Parameters are OWASP's minimum (19 MiB, 2 passes, 1 lane).
    """

    name = "local"
    _hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, type=Type.ID)

    def keep(self, card_id: UUID, pin: str) -> Kept:
        """Hash with the newest pepper."""
        pepper_id = ring("PIN_PEPPERS").newest_id
        return Kept(self._hasher.hash(self._peppered(pepper_id, card_id, pin)), pepper_id)

    def check(self, card_id: UUID, kept: Kept, pin: str) -> bool:
        """Verify with the pepper it was kept with; False when that pepper has left the ring."""
        try:
            return self._hasher.verify(kept.secret, self._peppered(kept.pepper_id, card_id, pin))
        except (KeyError, VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: Kept) -> bool:
        """Say whether the pepper is not the newest, or the hash was made with other parameters."""
        newest = kept.pepper_id == ring("PIN_PEPPERS").newest_id
        return not newest or self._hasher.check_needs_rehash(kept.secret)

    @staticmethod
    def _peppered(pepper_id: str, card_id: UUID, pin: str) -> bytes:
        return hmac.digest(ring("PIN_PEPPERS")[pepper_id], card_id.bytes + pin.encode(), "sha256")


_CUSTODIES: dict[str, PinCustody] = {custody.name: custody for custody in (LocalCustody(),)}


def custody_for(programme: Programme) -> PinCustody:
    """Give the custody a programme chose."""
    return _CUSTODIES[programme.pin_custody]


def custody_names() -> list[str]:
    """List the custodies there are."""
    return sorted(_CUSTODIES)


def choose_pin(*, card_id: UUID, pin: str) -> None:
    """Keep a chosen PIN as the card's pending one, in place of an earlier choice. Ask `pin_policy.refuse` first.

    Raises Card.DoesNotExist.
    """
    store_pending_pin(card_id=card_id, kept=prepare_pin(card_id=card_id, pin=pin))


def prepare_pin(*, card_id: UUID, pin: str) -> Kept:
    """Turn a PIN into what may be stored. Takes 30 ms on purpose: call it outside of a transaction."""
    return custody_for(Card.objects.select_related("programme").get(pk=card_id).programme).keep(card_id, pin)


def store_pending_pin(*, card_id: UUID, kept: Kept, submitted_at: datetime | None = None) -> None:
    """Write a prepared PIN as the card's pending one, in place of an earlier choice.

    One that is `submitted_at` the same moment does not lapse after 15 minutes.
    """
    # One upsert: two browsers choosing at once leave one pending PIN, the later one.
    Pin.objects.bulk_create(
        [
            Pin(
                card_id=card_id,
                stage=Pin.Stage.PENDING,
                custody=kept.custody,
                secret=kept.secret,
                pepper_id=kept.pepper_id,
                chosen_at=timezone.now(),
                submitted_at=submitted_at,
            )
        ],
        update_conflicts=True,
        unique_fields=["card", "stage"],
        update_fields=["custody", "secret", "pepper_id", "chosen_at", "submitted_at"],
    )


def submit_pending_pin(*, card_id: UUID, at: datetime) -> bool:
    """Keep the pending PIN past its 15 minutes, because the operation it was chosen for has been submitted.

    Says whether there is one: False means that none was chosen, or that it has lapsed.
    """
    pins = Pin.objects.pending().filter(card_id=card_id)
    return bool(pins.exclude(pk__in=pins.lapsed(at)).update(submitted_at=at))


def adopt_pin(*, card_id: UUID) -> bool:
    """Make the pending PIN the card's own, inside the caller's transaction; say whether there was one.

    The earlier PIN is deleted with it; where none is pending, nothing changes.
    """
    pending = Pin.objects.pending().filter(card_id=card_id)
    with transaction.atomic():
        Pin.objects.current().filter(Exists(pending.filter(card_id=OuterRef("card_id"))), card_id=card_id).delete()
        if not pending.update(stage=Pin.Stage.CURRENT):
            return False
        Card.objects.filter(pk=card_id).update(pin_status=PinStatus.OK, wrong_pins=0, updated_at=timezone.now())
    return True


def forget_pending_pin(*, card_id: UUID) -> bool:
    """Delete the pending PIN, if there is one; the card's own stays."""
    return bool(Pin.objects.pending().filter(card_id=card_id).delete()[0])


def forget_pending_pins(*, card_ids: Collection[UUID]) -> int:
    """Do so for many cards at once; tell how many there were."""
    return Pin.objects.pending().filter(card_id__in=card_ids).delete()[0]


def forget_lapsed_pins(at: datetime) -> int:
    """Delete every pending PIN that was not submitted in time; tell how many."""
    return delete_in_steps(Pin.objects.lapsed(at).order_by("chosen_at"))


def check_pin(*, card_id: UUID, pin: str) -> bool:
    """Say whether `pin` is the card's own. Takes as long for a card without one. Keeps it anew after a key change.

    Counts no tries: whoever asks, counts. Raises Card.DoesNotExist.
    """
    custody = custody_for(Card.objects.select_related("programme").get(pk=card_id).programme)
    row = Pin.objects.current().filter(card_id=card_id, custody=custody.name).first()
    if row is None:
        custody.keep(card_id, pin)
        return False
    kept = Kept(row.secret, row.pepper_id)
    if not custody.check(card_id, kept, pin):
        return False
    if custody.is_outdated(kept):
        anew = custody.keep(card_id, pin)
        same = Pin.objects.filter(pk=row.pk, secret=row.secret)  # a PIN changed meanwhile stays the changed one
        same.update(secret=anew.secret, pepper_id=anew.pepper_id)
    return True
