"""The subject of a mail with a code names what the code is for, in the words of the page that asks for it."""

from typing import Any

import pytest
from django.template.loader import get_template
from django.utils.translation import override

from accounts.code_purposes import NEW_PIN, OF_ACCOUNTS
from accounts.models.account_codes import Proof

PURPOSES: dict[str, Any] = {
    "contact_change_code": OF_ACCOUNTS[Proof.OLD],
    "close_account_code": OF_ACCOUNTS[Proof.CLOSE],
    "pin_reset_code": NEW_PIN,
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", PURPOSES)
def test_a_subject_says_what_the_code_is_for(kind: str, language: str) -> None:
    with override(language):
        assert str(PURPOSES[kind]) in get_template(f"messages/{kind}/email_subject.txt").render()
