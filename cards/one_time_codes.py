"""One-time codes: derived from a key outside the database, never stored."""

import hmac
import os
import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.utils.translation import gettext_lazy as _
from stdnum import damm

from cards.code_rules import LENGTHS, CodeRule
from cards.dimensions import Channel
from vault.ids import new_id
from vault.keyrings import ring

SEED_BYTES = 16
UNFINISHED = models.Q(consumed_at=None, superseded_at=None, revoked_at=None, expired_at=None)
"""Codes in no terminal state. The condition of the partial unique index "one per subject" of every concrete code."""
NEWEST_OR_ANOTHER = (
    "SELECT *, TRUE AS is_wanted FROM ({wanted}) wanted UNION ALL SELECT *, FALSE FROM ({another}) another LIMIT 1"
)


class CodeState(StrEnum):
    """The life of a code. The last four are terminal: none of them is ever left."""

    LIVE = "live"
    RESERVED = "reserved"
    CONSUMED = "consumed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class OneTimeCodeQuerySet(models.QuerySet[Any]):
    """Sets of codes. The verbs are conditional updates: they finish unfinished codes only and tell how many."""

    def unfinished(self) -> Self:
        """Codes in no terminal state, whether or not the clock has passed them."""
        return self.filter(UNFINISHED)

    def live(self, at: datetime) -> Self:
        """Codes that are good at `at`: not expired by the clock, or reserved by an open attempt."""
        return self.unfinished().filter(models.Q(expires_at__gt=at) | models.Q(reserved_until__gt=at))

    def stale(self, at: datetime) -> Self:
        """Codes that the clock has ended, and nobody has marked yet."""
        return self.unfinished().filter(
            models.Q(reserved_until__isnull=True) | models.Q(reserved_until__lte=at), expires_at__lte=at
        )

    def matching(self, typed: str) -> Any:
        """The newest of these codes if its digits were typed; else None.

        Where there is none, some other code is read and compared in its place: the clock tells who reads a row from
        who reads none.
        """
        code = self._newest_or_another()
        alike = (code or self.model.dummy()).matches(typed)
        return code if code and alike and code.is_wanted else None

    def _newest_or_another(self) -> Any:
        try:
            wanted, given = self.order_by("-issued_at")[:1].query.sql_with_params()
        except EmptyResultSet:
            return None
        another, _none = self.model.objects.order_by("-pk")[:1].query.sql_with_params()
        statement = NEWEST_OR_ANOTHER.format(wanted=wanted, another=another)
        return next(iter(self.model.objects.raw(statement, given)), None)

    def release(self) -> int:
        """Give reserved codes back to their own expiry."""
        return self.unfinished().filter(reserved_until__isnull=False).update(reserved_until=None)

    def consume(self, at: datetime) -> int:
        """Use live codes up."""
        return self.live(at).update(consumed_at=at)

    def expire(self, at: datetime) -> int:
        """Mark stale codes as expired. Only tidies: `live` goes by the clock."""
        return self.stale(at).update(expired_at=at)

    def supersede(self, at: datetime) -> int:
        """End codes because a newer one takes their place; those the clock has ended are marked as expired."""
        self.expire(at)
        return self.unfinished().update(superseded_at=at)

    def revoke(self, at: datetime) -> int:
        """End codes by hand, or because what they were for has ended."""
        self.expire(at)
        return self.unfinished().update(revoked_at=at)


class OneTimeCode(models.Model):
    """A code of 6 digits, or of 12 whose last is a Damm check digit. Concrete ones name their subject and `purpose`.

    Its digits are the first 8 bytes of HMAC-SHA256(CODE_KEYS[key_id], purpose | id | seed) as an integer, modulo 10^6
    or 10^11: the idea of RFC 4226, whose own 31 bits cannot fill 11 digits. So nothing stored is a code, and a resend
    carries the same digits.
    """

    purpose: ClassVar[str]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seed = models.BinaryField(max_length=SEED_BYTES)
    key_id = models.CharField(max_length=32)
    digits = models.PositiveSmallIntegerField(_("digits"))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    contact_index = models.UUIDField(null=True)
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("expires at"))
    reserved_until = models.DateTimeField(_("reserved until"), null=True)
    consumed_at = models.DateTimeField(_("consumed at"), null=True)
    superseded_at = models.DateTimeField(_("superseded at"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    expired_at = models.DateTimeField(_("expired at"), null=True)

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_digits", condition=models.Q(digits__in=LENGTHS)),
            models.CheckConstraint(name="%(class)s_channel", condition=models.Q(channel__in=Channel.values)),
            models.CheckConstraint(name="%(class)s_life", condition=models.Q(expires_at__gt=models.F("issued_at"))),
            models.CheckConstraint(
                name="%(class)s_one_end",
                condition=UNFINISHED
                | models.Q(consumed_at__isnull=False, superseded_at=None, revoked_at=None, expired_at=None)
                | models.Q(consumed_at=None, superseded_at__isnull=False, revoked_at=None, expired_at=None)
                | models.Q(consumed_at=None, superseded_at=None, revoked_at__isnull=False, expired_at=None)
                | models.Q(consumed_at=None, superseded_at=None, revoked_at=None, expired_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} by {self.channel}"

    @classmethod
    def draw(cls, *, rule: CodeRule, channel: str, at: datetime, **subject: Any) -> Self:
        """Make a new code, not saved yet, for `subject` (the concrete model's own fields)."""
        return cls(
            seed=os.urandom(SEED_BYTES),
            key_id=ring("CODE_KEYS").newest_id,
            digits=rule.digits,
            channel=channel,
            issued_at=at,
            expires_at=at + rule.lifetime,
            **subject,
        )

    @classmethod
    def issue(
        cls,
        *,
        rule: CodeRule,
        channel: str,
        contact_index: uuid.UUID | None,
        at: datetime,
        facts: Mapping[str, Any] | None = None,
        **subject: Any,
    ) -> Self:
        """Give the subject's code to send: the same one again in the first half of its life and by the same channel
        to the same contact, otherwise a new one, saved with `facts`, that supersedes it.

        Inside the caller's transaction, which holds a lock on the subject.
        """
        earlier = cls.objects.filter(**subject)
        current = earlier.live(at).filter(channel=channel, contact_index=contact_index).first()
        if current is not None and current.in_first_half(at):
            return current
        earlier.supersede(at)
        code = cls.draw(rule=rule, channel=channel, at=at, contact_index=contact_index, **subject, **(facts or {}))
        code.save(force_insert=True)
        return code

    @classmethod
    def dummy(cls, digits: int = 6) -> Self:
        """Make a code to compare with where there is none: it costs the same, belongs to nobody and `is_dummy`."""
        return cls(seed=os.urandom(SEED_BYTES), key_id=ring("CODE_KEYS").newest_id, digits=digits)

    @property
    def is_dummy(self) -> bool:
        """Say whether this code stands in for one that does not exist, and so must never be accepted."""
        return self.issued_at is None

    def derive(self) -> str:
        """Give the digits. Raises KeyError when the key has left the ring."""
        return derive(self.purpose, self.id.hex, bytes(self.seed), self.key_id, self.digits)

    def matches(self, typed: str) -> bool:
        """Compare with what was typed (folded) in constant time. False too when the key has left the ring."""
        try:
            right = self.derive()
        except KeyError:
            right = ""
        return hmac.compare_digest(right.encode(), typed.encode()) and bool(right)

    def state(self, at: datetime) -> CodeState:
        """Tell the state at `at`, by the marks and by the clock."""
        ends = {
            CodeState.CONSUMED: self.consumed_at,
            CodeState.SUPERSEDED: self.superseded_at,
            CodeState.REVOKED: self.revoked_at,
            CodeState.EXPIRED: self.expired_at,
        }
        ended = next((state for state, moment in ends.items() if moment is not None), None)
        if ended is not None:
            return ended
        if self.reserved_until is not None and self.reserved_until > at:
            return CodeState.RESERVED
        return CodeState.LIVE if self.expires_at > at else CodeState.EXPIRED

    def in_first_half(self, at: datetime) -> bool:
        """Say whether asking again at `at` sends this code once more, and not a new one."""
        return at < self.issued_at + (self.expires_at - self.issued_at) / 2


def derive(purpose: str, row: str, seed: bytes, key_id: str, digits: int) -> str:
    """Derive `digits` digits, leading zeros kept; of 12, the last is the Damm check digit of the others."""
    mac = hmac.digest(ring("CODE_KEYS")[key_id], f"{purpose}|{row}|".encode() + seed, "sha256")
    drawn = int.from_bytes(mac[:8], "big")
    if digits == 6:
        return f"{drawn % 10**6:06d}"
    eleven = f"{drawn % 10**11:011d}"
    return eleven + str(damm.calc_check_digit(eleven))


def check_digit_ok(code: str) -> bool:
    """Say whether 12 digits can be a code: Damm's digit tells every single mistake and every swap of neighbours."""
    return len(code) == 12 and code.isascii() and code.isdigit() and bool(damm.is_valid(code))


def group(code: str) -> str:
    """Write a code as people read it: "7391 0264 8853", "048 392"."""
    size = 4 if len(code) == 12 else 3
    return " ".join(code[start : start + size] for start in range(0, len(code), size))
