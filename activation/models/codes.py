"""The codes of the journey: the one that opens it, and the one that confirms a contact."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import connection, models
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from activation.models.attempts import ActivationAttempt
from activation.reminder_times import reminders_of
from cards.code_rules import CodeRule
from cards.dimensions import State
from cards.models import Card, Programme
from cards.one_time_codes import UNFINISHED, OneTimeCode, OneTimeCodeQuerySet
from vault.planned import columns, planned_cursor, planned_rows

OPENABLE = (State.PENDING_ACTIVATION, State.ACTIVATING)
"""States of a card whose code opens the journey, or leads back into it."""

NEWEST = (
    "SELECT * FROM (SELECT {columns}, TRUE AS of_this_card, "
    "code.card_version = card.record_version AS of_this_record, card.state AS card_state "
    "FROM activation_activationcode code JOIN cards_card card ON card.id = code.card_id "
    "WHERE card.number_index = %s {narrowed} ORDER BY code.issued_at DESC LIMIT {many}) own "
    "UNION ALL SELECT * FROM (SELECT {columns}, FALSE, FALSE, card.state "
    "FROM activation_activationcode code JOIN cards_card card ON card.id = code.card_id "
    "ORDER BY code.id DESC LIMIT {many}) others LIMIT {many}"
)
RESERVE = (
    "UPDATE activation_activationcode AS code "
    "SET reserved_until = CASE WHEN reserved_until > %(at)s THEN reserved_until ELSE %(until)s END "
    "WHERE id = %(id)s AND consumed_at IS NULL AND superseded_at IS NULL AND revoked_at IS NULL "
    "AND expired_at IS NULL AND (expires_at > %(at)s OR reserved_until > %(at)s) "
    "AND EXISTS (SELECT 1 FROM cards_card card JOIN cards_programme programme ON programme.id = card.programme_id "
    "WHERE card.id = code.card_id "
    "AND card.state IN (%(openable0)s, %(openable1)s) AND card.record_version = code.card_version "
    "AND ((programme.opens_on IS NULL OR programme.opens_on <= %(at)s) "
    "AND (programme.closes_on IS NULL OR programme.closes_on > %(at)s) OR code.reserved_until > %(at)s "
    "OR EXISTS (SELECT 1 FROM activation_activationattempt held WHERE held.card_id = card.id "
    "AND held.closed_at IS NULL AND (held.submitted_at IS NOT NULL OR held.closes_at > %(at)s))))"
)


class ActivationCodeQuerySet(OneTimeCodeQuerySet):
    def good_for_its_card(self) -> Self:
        """Codes of cards that can still be activated and whose imported record is the one the code was sent for.

        Terminating a card or changing its contacts kills its codes here, at once, without anybody telling us. A
        sub-select, no join: an UPDATE that had to wait for the code's row looks at the code's own columns again.
        """
        good = Card.objects.filter(pk=OuterRef("card_id"), state__in=OPENABLE, record_version=OuterRef("card_version"))
        return self.filter(Exists(good))

    def live(self, at: datetime) -> Self:
        return super().live(at).good_for_its_card()

    def live_with_their_cards(self, at: datetime) -> Self:
        """`live`, where codes are only read and their cards with them: by the join that this needs anyway."""
        return super().live(at).filter(card__state__in=OPENABLE, card__record_version=F("card_version"))

    def enterable(self, at: datetime) -> Self:
        """Codes in their programme's time, and those of whoever has begun, who may finish: the code is reserved, or
        the card has an open attempt."""
        opened = Card.objects.filter(pk=OuterRef("card_id"), programme__in=Programme.objects.open(at))
        begun = ActivationAttempt.objects.open(at).filter(card=OuterRef("card_id"))
        return self.filter(models.Q(reserved_until__gt=at) | Exists(opened) | Exists(begun))

    def newest_of(self, number_index: UUID, programme_id: UUID | None, many: int) -> list[ActivationCode]:
        """The newest codes of the card with this number (of this programme, if one is given), the newest first; where
        it has fewer than `many`, codes of others stand in, not `of_this_card`: reading them takes as long.

        Written in SQL, because every wrong code asks it and the ORM takes five times as long. `of_this_record` and
        `card_state` come with each code, so that a code that is refused costs no further look.
        """
        column = Card._meta.pk.get_db_prep_value
        parameters = [column(number_index, connection)]
        if programme_id is not None:
            parameters.append(column(programme_id, connection))
        narrowed = "" if programme_id is None else "AND card.programme_id = %s"
        statement = NEWEST.format(columns=columns(ActivationCode, "code"), narrowed=narrowed, many=many)
        found: list[ActivationCode] = []
        for code, *said in planned_rows(statement, parameters, ActivationCode):
            code.of_this_card, code.of_this_record, code.card_state = said
            found.append(code)
        return found

    def reserve_for_attempt(self, pk: UUID, at: datetime, until: datetime) -> bool:
        """Keep this code good until then, unless an open attempt keeps it already; whether it still could be.

        `live(at)`, `enterable(at)` and the reservation in one conditional statement, in SQL for the same reason as
        `newest_of`.
        """
        moment = connection.ops.adapt_datetimefield_value
        column = Card._meta.pk.get_db_prep_value
        asked = {"id": column(pk, connection), "at": moment(at), "until": moment(until)}
        with planned_cursor() as cursor:
            cursor.execute(RESERVE, asked | {f"openable{n}": state.value for n, state in enumerate(OPENABLE)})
            return bool(cursor.rowcount == 1)


class ActivationCode(OneTimeCode):
    """The code that opens the journey of one card."""

    purpose: ClassVar[str] = "activate"

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="activation_codes")
    of_this_card: bool
    of_this_record: bool
    card_state: str
    """Only from `newest_of`."""

    card_version = models.PositiveIntegerField(
        _("card version"), help_text=_("The card's record_version when the code was issued")
    )

    remind_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When to see whether its holder wants to be reminded of it")
    )

    objects = ActivationCodeQuerySet.as_manager()  # type: ignore[misc]

    class Meta(OneTimeCode.Meta):
        abstract = False
        verbose_name = _("activation code")
        verbose_name_plural = _("activation codes")
        constraints = [
            *OneTimeCode.Meta.constraints,
            models.UniqueConstraint(fields=["card"], condition=UNFINISHED, name="one_activation_code_a_card"),
        ]
        indexes = [
            models.Index(fields=["card", "-issued_at"], name="activation_code_newest"),
            models.Index(fields=["expires_at"], condition=UNFINISHED, name="activation_code_stale"),
            models.Index(
                fields=["remind_at"],
                condition=UNFINISHED & models.Q(remind_at__isnull=False),
                name="activation_code_reminder",
            ),
        ]

    @classmethod
    def draw(cls, *, rule: CodeRule, channel: str, at: datetime, **subject: Any) -> Self:
        """Make a new code, not saved yet, that knows when its holder is to be reminded."""
        code = super().draw(rule=rule, channel=channel, at=at, **subject)
        code.remind_at = next((reminder.at for reminder in reminders_of(at, code.expires_at)), None)
        return code


class ContactCode(OneTimeCode):
    """The code that shows that the person in the journey reads the contact they gave."""

    purpose: ClassVar[str] = "contact"

    attempt = models.ForeignKey(
        ActivationAttempt, verbose_name=_("attempt"), on_delete=models.CASCADE, related_name="contact_codes"
    )

    class Meta(OneTimeCode.Meta):
        abstract = False
        verbose_name = _("contact code")
        verbose_name_plural = _("contact codes")
        constraints = [
            *OneTimeCode.Meta.constraints,
            models.UniqueConstraint(fields=["attempt"], condition=UNFINISHED, name="one_contact_code_an_attempt"),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=UNFINISHED, name="contact_code_stale")]
