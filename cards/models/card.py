"""A card that an issuer registered, with the record its holder is known by."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.dimensions import Channel, Fulfilment, PinStatus, Profile, State
from cards.identity_documents import DocumentType
from cards.models.programme import Programme
from cards.models.tail_field import TailField
from cards.moves import USED, WAITING
from vault.fields import BlindIndexField, EncryptedTextField
from vault.ids import new_id

UNCOMMON = sorted(frozenset(State) - {State.PENDING_ACTIVATION, State.ACTIVE})

CONTACTS = "SELECT id, phone, phone_index, email, email_index FROM cards_card WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Contact:
    """A registered contact: by which `channel`, to what `address` (E.164 or email), and its blind `index`."""

    channel: Channel
    address: str
    index: UUID


class CardQuerySet(models.QuerySet["Card"]):
    """Sets of cards."""

    def with_id_number_since(self, moment: datetime) -> "CardQuerySet":
        """Cards activated by then whose document number is still kept."""
        return self.filter(activated_at__lte=moment, id_number__isnull=False)

    def waiting(self) -> "CardQuerySet":
        """Cards in their holder's hands that can be activated."""
        return self.filter(state=State.PENDING_ACTIVATION)

    def contacts_of(self, pk: UUID) -> list[Contact]:
        """Give the registered contacts of one card, without reading the rest of it; written in SQL for speed."""
        asked = [self.model._meta.pk.get_db_prep_value(pk, connection)]
        card: Card = next(iter(self.raw(CONTACTS, asked)))
        return card.registered_contacts()


class Card(models.Model):
    """One card. `state` is moved by `cards.states.move` only; personal data is encrypted, with blind indexes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="cards", db_index=False
    )

    number = EncryptedTextField(_("card number"))
    number_index = BlindIndexField(of="number", kind="card_number", unique=True)
    number_tail = TailField(_("card ending in"), of="number")
    holder_name = EncryptedTextField(_("name"))
    id_type = models.CharField(_("identity document"), max_length=20, choices=DocumentType.choices)
    id_number = EncryptedTextField(_("document number"), blank=True)
    """Forgotten 30 days after the activation; its index and its tail stay."""
    id_number_index = BlindIndexField(of="id_number", kind="id_number", null=True, db_index=True, outlives=True)
    id_number_tail = TailField(_("document ending in"), of="id_number")
    phone = EncryptedTextField(_("mobile number"), blank=True)
    phone_index = BlindIndexField(of="phone", kind="phone", null=True, db_index=True)
    email = EncryptedTextField(_("email address"), blank=True)
    email_index = BlindIndexField(of="email", kind="email", null=True, db_index=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    replaced_by = models.OneToOneField(
        "self", verbose_name=_("replaced by"), on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    """The card that takes its place: activating that one retires this one (`cards.replacements`)."""

    fulfilment = models.CharField(
        _("delivery"), max_length=16, choices=Fulfilment.choices, default=Fulfilment.NOT_APPLICABLE
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.PENDING_ACTIVATION)
    previous_state = models.CharField(
        _("previous state"), max_length=20, choices=State.choices, blank=True, editable=False
    )
    state_since = models.DateTimeField(_("state since"), default=timezone.now, editable=False)
    pin_status = models.CharField(_("PIN"), max_length=16, choices=PinStatus.choices, default=PinStatus.NOT_SET)
    wrong_pins = models.PositiveSmallIntegerField(_("wrong PINs in a row"), default=0, editable=False)
    profile = models.CharField(_("eSIM profile"), max_length=12, choices=Profile.choices, blank=True)

    record_version = models.PositiveIntegerField(_("record version"), default=1, editable=False)
    """One more each time the issuer changes the record; a code issued for an older version is dead."""
    record_digest = models.UUIDField(null=True, editable=False)
    """Keyed digest of the imported row, by which the same row is known again."""
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now, editable=False)
    activated_at = models.DateTimeField(_("activated at"), null=True, blank=True, editable=False)
    terminated_at = models.DateTimeField(_("terminated at"), null=True, blank=True, editable=False)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        indexes = [
            models.Index(fields=["programme", "state"], name="card_programme_state"),
            # The few that staff look for among a million: the newest first, as their list shows them.
            models.Index(fields=["state", "-id"], name="card_uncommon_state", condition=models.Q(state__in=UNCOMMON)),
            models.Index(
                fields=["activated_at"],
                name="card_id_number_kept",
                condition=models.Q(activated_at__isnull=False, id_number__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="card_state", condition=models.Q(state__in=State.values)),
            models.CheckConstraint(
                name="card_previous_state", condition=models.Q(previous_state__in=["", *State.values])
            ),
            models.CheckConstraint(name="card_fulfilment", condition=models.Q(fulfilment__in=Fulfilment.values)),
            models.CheckConstraint(name="card_pin_status", condition=models.Q(pin_status__in=PinStatus.values)),
            models.CheckConstraint(name="card_profile", condition=models.Q(profile__in=["", *Profile.values])),
            models.CheckConstraint(name="card_id_type", condition=models.Q(id_type__in=DocumentType.values)),
            models.CheckConstraint(
                name="card_has_contact",
                condition=models.Q(phone_index__isnull=False) | models.Q(email_index__isnull=False),
            ),
            models.CheckConstraint(
                name="card_id_number_until_activated",
                condition=models.Q(id_number__isnull=False) | models.Q(activated_at__isnull=False),
            ),
            models.CheckConstraint(
                name="card_used_was_activated",
                condition=~models.Q(state__in=sorted(USED)) | models.Q(activated_at__isnull=False),
            ),
            models.CheckConstraint(
                name="card_terminated_has_moment",
                condition=models.Q(state=State.TERMINATED, terminated_at__isnull=False)
                | (~models.Q(state=State.TERMINATED) & models.Q(terminated_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id}"

    @property
    def whereabouts(self) -> str:
        """How far a new card has come, in the current language: its delivery, if that is known, or its state."""
        on_its_way = self.state in WAITING and self.fulfilment not in {Fulfilment.NOT_APPLICABLE, Fulfilment.DELIVERED}
        return str(self.get_fulfilment_display() if on_its_way else self.get_state_display())

    def registered_contacts(self) -> list[Contact]:
        """List where this card's holder can be reached: the phone first, then the email address."""
        both = ((Channel.SMS, self.phone, self.phone_index), (Channel.EMAIL, self.email, self.email_index))
        return [Contact(channel, address, index) for channel, address, index in both if index]
