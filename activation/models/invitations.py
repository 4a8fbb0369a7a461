"""Who was invited to activate a card, remembered longer than the message that did it."""

from typing import ClassVar

from django.db import models

from cards.models import Card


class Invitation(models.Model):
    """The holder of a card was invited by this contact: once, even when the message log has forgotten it."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="invitations", db_index=False)
    contact_index = models.UUIDField()
    invited_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["card", "contact_index"], name="one_invitation_a_contact")
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.invited_at:%Y-%m-%d}"
