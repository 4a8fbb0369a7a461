"""What was done to a card, by whom, when and why. Rows are added and never changed."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cards.dimensions import ActorKind, Role, State, Via
from cards.models.card import Card
from cards.moves import OTHER, PAIRS, WAITING
from vault.ids import new_id


class EventKind(models.TextChoices):
    """What happened. Every room adds its own here, so that lists can name and filter them."""

    IMPORTED = "imported", _("Imported")
    RECORD_CHANGED = "record_changed", _("Record changed by the issuer")
    MOVED = "moved", _("State changed")
    CODE_ISSUED = "code_issued", _("Code issued")
    CODE_REVOKED = "code_revoked", _("Code revoked")
    CODE_REFUSED = "code_refused", _("Code refused")
    ATTEMPT_OPENED = "attempt_opened", _("Activation started")
    ATTEMPT_CLOSED = "attempt_closed", _("Activation ended")
    CODE_SHOWN = "code_shown", _("Code shown in the account")
    CONTACT_CHANGED = "contact_changed", _("Phone or email changed by the cardholder")
    CONTACT_CONFIRMED = "contact_confirmed", _("Contact confirmed")
    PIN_CHOSEN = "pin_chosen", _("PIN chosen")
    PIN_SET = "pin_set", _("PIN set")
    PIN_RESET_BEGUN = "pin_reset_begun", _("New PIN chosen")
    PIN_RESET_ENDED = "pin_reset_ended", _("New PIN dropped")
    PIN_LOCKED = "pin_locked", _("PIN locked")
    IDENTITY_MATCHED = "identity_matched", _("Identity confirmed by the issuer")
    IDENTITY_REFUSED = "identity_refused", _("Identity not confirmed by the issuer")
    BOUND = "bound", _("Bound to an account")
    UNBOUND = "unbound", _("Removed from an account")
    BINDING_CODE_SENT = "binding_code_sent", _("Security code sent, to add the card")
    HELPER_ADDED = "helper_added", _("Somebody may help with the card")
    HELPER_ENDED = "helper_ended", _("Somebody helps no longer")
    LOSS_CODE_SENT = "loss_code_sent", _("Security code sent, to freeze or unfreeze")
    UNFREEZING_ALLOWED = "unfreezing_allowed", _("Unfreezing allowed once more")
    REPLACEMENT_ASKED = "replacement_asked", _("New card asked for")
    REPLACEMENT_NAMED = "replacement_named", _("New card named")
    REPLACEMENT_UNNAMED = "replacement_unnamed", _("Naming of the new card taken back")
    DENIED = "denied", _("Cardholder said: it was not me")
    ISSUER_TOLD = "issuer_told", _("Issuer told of the state")


UNCOMMON_KINDS = (
    *(EventKind.CODE_REVOKED, EventKind.CODE_REFUSED, EventKind.CONTACT_CHANGED, EventKind.DENIED),
    *(EventKind.PIN_RESET_BEGUN, EventKind.PIN_RESET_ENDED, EventKind.PIN_LOCKED, EventKind.UNBOUND),
    *(EventKind.HELPER_ADDED, EventKind.HELPER_ENDED, EventKind.UNFREEZING_ALLOWED),
    *(EventKind.REPLACEMENT_ASKED, EventKind.REPLACEMENT_NAMED, EventKind.REPLACEMENT_UNNAMED),
)
"""What staff look for among the millions that imports and activations leave."""


def _legal_pairs() -> models.Q:
    legal = models.Q(from_state="", to_state__in=["", *sorted(WAITING)])
    for start, to in sorted(PAIRS):
        legal |= models.Q(from_state=start, to_state=to)
    return legal


class CardEvent(models.Model):
    """One event. Its actor is named by kind and id, without a foreign key, so that a card knows no account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("event"), max_length=32, choices=EventKind.choices)
    from_state = models.CharField(_("from"), max_length=20, choices=State.choices, blank=True)
    to_state = models.CharField(_("to"), max_length=20, choices=State.choices, blank=True)
    actor_kind = models.CharField(_("by"), max_length=12, choices=ActorKind.choices)
    actor_id = models.CharField(_("identifier"), max_length=64, blank=True)
    actor_role = models.CharField(_("role"), max_length=16, choices=Role.choices, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Via.choices)
    reason = models.CharField(_("reason"), max_length=64, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    reference = models.CharField(_("reference"), max_length=32, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(
                fields=["kind", "-id"],
                name="card_event_uncommon",
                condition=models.Q(kind__in=[str(kind) for kind in UNCOMMON_KINDS]),
            ),
            models.Index(
                fields=["actor_kind", "-id"],
                name="card_event_by_staff",
                condition=models.Q(actor_kind=str(ActorKind.STAFF)),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="card_event_legal_move", condition=_legal_pairs()),
            models.CheckConstraint(name="card_event_kind", condition=models.Q(kind__in=EventKind.values)),
            models.CheckConstraint(name="card_event_actor", condition=models.Q(actor_kind__in=ActorKind.values)),
            models.CheckConstraint(name="card_event_role", condition=models.Q(actor_role__in=["", *Role.values])),
            models.CheckConstraint(name="card_event_channel", condition=models.Q(channel__in=Via.values)),
            models.CheckConstraint(
                name="card_event_other_comment", condition=~models.Q(reason=OTHER) | ~models.Q(comment="")
            ),
        ]

    def __str__(self) -> str:
        at = date_format(timezone.localtime(self.at), "DATETIME_FORMAT")
        return gettext("%(what)s, %(when)s") % {"what": self.get_kind_display(), "when": at}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the event; what is written stays as it is."""
        if not self._state.adding:
            raise TypeError("An event is never changed. Write another one.")
        super().save(*args, **kwargs)
