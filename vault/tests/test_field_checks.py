"""System checks of encrypted fields."""

from django.db import models
from django.test.utils import isolate_apps

from vault.fields import EncryptedTextField


@isolate_apps("vault")
def test_a_model_that_cannot_keep_a_seal_is_reported() -> None:
    class Numbered(models.Model):
        text = EncryptedTextField()
        odd = EncryptedTextField(blank=True, null=False)

        class Meta:
            app_label = "vault"

    found = [message.id for message in Numbered.check()]
    assert found.count("vault.E001") == 2
    assert found.count("vault.E002") == 1
