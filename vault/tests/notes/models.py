from typing import ClassVar

from django.db import models

from vault.fields import BlindIndexField, EncryptedTextField
from vault.ids import new_id


class Note(models.Model):
    """A text that must be there, and a phone that may be."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    text = EncryptedTextField(max_length=200)
    phone = EncryptedTextField(blank=True)
    phone_index = BlindIndexField(of="phone", kind="phone", db_index=True)
    turn = models.IntegerField(default=0)

    class Meta:
        app_label = "notes"

    objects: ClassVar[models.Manager["Note"]]

    def __str__(self) -> str:
        return str(self.id)
