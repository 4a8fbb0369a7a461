"""The outbox: what has to be said to whom about what, never the words themselves."""

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.utils.translation import gettext_lazy as _

from messaging.leases import Leased
from vault.ids import new_id

WAITING = Q(sent_at=None, dropped_at=None, dead_at=None)
FAILED = Q(undelivered_at__isnull=False) | Q(dead_at__isnull=False)


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> "MessageQuerySet":
        """Neither sent nor given up."""
        return self.filter(WAITING)

    def ended_by(self, at: datetime) -> "MessageQuerySet":
        """Sent, given up, or past its deadline, after which nobody sends it."""
        return self.filter(~WAITING | Q(deadline__lte=at))

    def failed(self) -> "MessageQuerySet":
        """Not delivered, or never to be sent."""
        return self.filter(FAILED)

    def held_up(self, at: datetime) -> "MessageQuerySet":
        """Somebody waits for them, half of their time is over, and no gateway has taken them yet."""
        waited = ExpressionWrapper(Value(at) - F("created_at"), models.DurationField())
        left = ExpressionWrapper(F("deadline") - Value(at), models.DurationField())
        return self.waiting().filter(urgent=True).annotate(waited=waited, left=left).filter(waited__gte=F("left"))

    def on_their_way(self) -> "MessageQuerySet":
        """Taken by a gateway that has said no more."""
        return self.filter(sent_at__isnull=False, delivered_at=None, undelivered_at=None)

    def delivered(self) -> "MessageQuerySet":
        return self.filter(delivered_at__isnull=False)

    def undelivered(self) -> "MessageQuerySet":
        return self.filter(undelivered_at__isnull=False)

    def dead(self) -> "MessageQuerySet":
        """Never to be sent."""
        return self.filter(dead_at__isnull=False)

    def dropped(self) -> "MessageQuerySet":
        """Too late, or no longer wanted."""
        return self.filter(dropped_at__isnull=False)

    def taken_as(self, gateway: str, provider_ids: Collection[str]) -> "MessageQuerySet":
        """Those that the gateway took under these ids.

        That no id is empty is said as the index says it: PostgreSQL does not see it in more than a hundred ids.
        """
        return self.exclude(provider_id="").filter(gateway=gateway, provider_id__in=provider_ids)

    def unreplaced(self, at: datetime) -> "MessageQuerySet":
        """Those for which another way may still be looked for, and has not been."""
        return self.filter(instead_at=None, deadline__gt=at)

    def to_poll(self, at: datetime, *, urgent: bool) -> "MessageQuerySet":
        """Those of this urgency whose gateway is to be asked what became of them."""
        return self.filter(urgent=urgent, next_poll_at__lte=at)

    def held(self, until: datetime) -> "MessageQuerySet":
        """Waiting, and held by the worker whose lease ends at exactly this moment."""
        return self.waiting().filter(leased_until=until)


class Message(Leased):
    """One message to one contact. Its words are made when it is sent, from the subject, by its kind."""

    class Channel(models.TextChoices):
        SMS = "sms", _("text message")
        EMAIL = "email", _("email")
        VOICE = "voice", _("call")
        LETTER = "letter", _("letter")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    urgent = models.BooleanField(
        _("urgent"), default=True, help_text=_("Somebody waits for it: sent before all others.")
    )
    subject_id = models.UUIDField(_("subject id"), help_text=_("What it is about; its kind knows the table."))
    programme_code = models.CharField(_("programme code"), max_length=50, blank=True)
    contact_index = models.UUIDField(
        _("contact index"), help_text=_("Keyed digest of the phone number or email address.")
    )
    to_masked = models.CharField(_("to masked"), max_length=100)
    language = models.CharField(_("language"), max_length=10)
    idempotency_key = models.CharField(_("idempotency key"), max_length=100)
    deadline = models.DateTimeField(_("deadline"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped at"), null=True, blank=True)
    dead_at = models.DateTimeField(_("dead at"), null=True, blank=True)
    provider_id = models.CharField(_("provider id"), max_length=200, blank=True)
    gateway = models.CharField(_("gateway"), max_length=40, blank=True)
    failure = models.CharField(_("failure"), max_length=200, blank=True)
    destination = models.CharField(
        _("destination"), max_length=8, blank=True, help_text=_("The country prefix it was sent to, such as +86.")
    )
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    undelivered_at = models.DateTimeField(_("undelivered at"), null=True, blank=True)
    next_poll_at = models.DateTimeField(_("next poll at"), null=True, blank=True, editable=False)
    instead_at = models.DateTimeField(
        _("replaced at"),
        null=True,
        blank=True,
        help_text=_("When another way was looked for, because this one failed."),
    )
    in_place_of = models.UUIDField(
        _("in place of"),
        null=True,
        blank=True,
        help_text=_("The message that did not arrive, whose code this carries."),
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index("channel", "urgent", "next_try_at", name="message_due", condition=WAITING),
            models.Index("subject_id", name="message_subject"),
            models.Index("contact_index", name="message_contact"),
            models.Index("gateway", "provider_id", name="message_provider", condition=~Q(provider_id="")),
            models.Index("urgent", "next_poll_at", name="message_poll", condition=Q(next_poll_at__isnull=False)),
            models.Index("created_at", name="message_created"),
            models.Index("id", name="message_failed", condition=FAILED),
            models.Index("in_place_of", name="message_in_place", condition=Q(in_place_of__isnull=False)),
            models.Index("deadline", name="message_unreplaced", condition=FAILED & Q(instead_at=None)),
            models.Index("dead_at", name="message_dead", condition=Q(dead_at__isnull=False)),
        ]
        constraints = [
            # Not `unique=True`, which makes a second index for LIKE, and every mark would write to it.
            models.UniqueConstraint(fields=["idempotency_key"], name="message_idempotency_key"),
            models.CheckConstraint(
                condition=Q(channel__in=["sms", "email", "voice", "letter"]), name="message_channel"
            ),
            models.CheckConstraint(
                condition=WAITING
                | Q(sent_at__isnull=False, dropped_at=None, dead_at=None)
                | Q(sent_at=None, dropped_at__isnull=False, dead_at=None)
                | Q(sent_at=None, dropped_at=None, dead_at__isnull=False),
                name="message_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False) | Q(delivered_at=None, undelivered_at=None),
                name="message_receipt_after_sending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.to_masked}"
