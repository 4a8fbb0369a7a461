"""The code a cardholder signs in with."""

from typing import ClassVar

from django.db import models

from cards.one_time_codes import UNFINISHED, OneTimeCode
from vault.fields import EncryptedTextField


class SignInCode(OneTimeCode):
    """Six digits sent to one contact; its subject is the contact, for which there is at most one such code."""

    purpose: ClassVar[str] = "sign_in"

    contact = EncryptedTextField(max_length=254)

    class Meta(OneTimeCode.Meta):
        constraints = [
            *OneTimeCode.Meta.constraints,
            models.UniqueConstraint(
                fields=["contact_index"], condition=UNFINISHED, name="accounts_one_sign_in_code_a_contact"
            ),
        ]
        indexes = [
            models.Index(fields=["contact_index", "-issued_at"], name="accounts_sign_in_newest"),
            models.Index(fields=["expires_at"], condition=UNFINISHED, name="accounts_sign_in_stale"),
        ]
