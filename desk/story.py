"""All that is known about one card, table by table, in a number of queries that does not grow."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import CardBinding, Case, LossReport, PinReset
from activation.models import ActivationAttempt, ContactCode
from cards.models import Card, CardEvent
from desk.doers import names_of_staff, told_by
from desk.reading import page_of
from desk.reasons import in_words
from desk.states import about_of, progress_of, state_of_code, state_of_message
from desk.subjects import subjects_of
from messaging.kinds import label_of
from messaging.models import Message

NEWEST = 50
"""Rows of each table; older ones are in its own list."""


@dataclass(frozen=True)
class Row:
    """One line: the address of its own page, and its cells."""

    address: str
    cells: Sequence[Any]


@dataclass(frozen=True)
class Table:
    """A heading, the columns and the newest rows."""

    title: Any
    columns: Sequence[Any]
    rows: list[Row]

    def lines(self) -> Iterator[tuple[str, list[tuple[Any, Any]]]]:
        """Each row's address, and its cells with their columns, which a narrow screen shows beside them."""
        for row in self.rows:
            yield row.address, list(zip(self.columns, row.cells, strict=True))


def story_of(card: Card) -> list[Table]:
    """The newest of everything that belongs to the card."""
    at = timezone.now()
    codes = list(card.activation_codes.order_by("-pk")[:NEWEST])
    for code in codes:
        code.card = card
    attempts = list(ActivationAttempt.objects.filter(card=card).order_by("-pk")[:NEWEST])
    contact_codes = list(ContactCode.objects.filter(attempt__card=card).order_by("-pk")[:NEWEST])
    losses = list(LossReport.objects.filter(card=card).order_by("-pk")[:NEWEST])
    new_pins = list(PinReset.objects.filter(card=card).order_by("-pk")[:NEWEST])
    cases = Case.objects.filter(card=card).order_by("-pk")[:NEWEST]
    sent = Message.objects.filter(subject_id__in=subjects_of(card)).order_by("-pk")[:NEWEST]
    events = list(CardEvent.objects.filter(card=card).order_by("-pk")[:NEWEST])
    names = names_of_staff(events)
    bindings = CardBinding.objects.filter(card=card).order_by("-pk")[:NEWEST]
    return [
        Table(
            _("Events"),
            (_("Event"), _("State"), _("By"), _("Reason"), _("Comment"), _("At")),
            _rows(
                (
                    event,
                    (
                        event.get_kind_display(),
                        event.get_to_state_display(),
                        told_by(event, names),
                        in_words(event.reason),
                        event.comment,
                        event.at,
                    ),
                )
                for event in events
            ),
        ),
        Table(
            _("Activation codes"),
            (_("Sent by"), _("State"), _("Issued"), _("Good until")),
            _rows((c, (c.get_channel_display(), state_of_code(c, at), c.issued_at, c.expires_at)) for c in codes),
        ),
        Table(
            _("Activation attempts"),
            (_("Reference"), _("Progress"), _("Verdict"), _("Opened"), _("Ended")),
            _rows(
                (a, (a.reference, progress_of(a, at), a.get_verdict_display(), a.opened_at, a.closed_at))
                for a in attempts
            ),
        ),
        Table(
            _("Contact codes"),
            (_("Sent by"), _("State"), _("Issued"), _("Good until")),
            _rows(
                (c, (c.get_channel_display(), state_of_code(c, at), c.issued_at, c.expires_at)) for c in contact_codes
            ),
        ),
        Table(
            _("Losses"),
            (_("Reference"), _("Frozen"), _("Last used, as the cardholder says"), _("Unfrozen"), _("Reported lost")),
            _rows((r, (r.reference, r.frozen_at, r.last_used, r.lifted_at, r.lost_at)) for r in losses),
        ),
        Table(
            _("Cases"),
            (_("Reference"), _("About"), _("Opened"), _("Ended")),
            _rows((c, (c.reference, about_of(c), c.opened_at, c.closed_at)) for c in cases),
        ),
        Table(
            _("New PINs"),
            (_("Way"), _("Chosen"), _("Takes effect"), _("Outcome")),
            _rows(
                (p, (p.get_way_display(), p.chosen_at, p.takes_effect_at, p.get_outcome_display())) for p in new_pins
            ),
        ),
        Table(
            _("Messages"),
            (_("Kind"), _("Sent by"), _("To"), _("State"), _("Created")),
            _rows(
                (m, (label_of(m.kind), m.get_channel_display(), m.to_masked, state_of_message(m), m.created_at))
                for m in sent
            ),
        ),
        Table(
            _("Accounts"),
            (_("Bound"), _("Ended")),
            _rows((b, (b.bound_at, b.ended_at)) for b in bindings),
        ),
    ]


def _rows(rows: Iterable[tuple[Model, Sequence[Any]]]) -> list[Row]:
    return [Row(page_of(row), cells) for row, cells in rows]
