"""What a code is for: the subject of a mail names what the code is for, in the words of the page that asks for it."""

from typing import Any

import pytest
from django.template.loader import get_template
from django.utils.translation import override

from accounts.code_purposes import ACTIVATE, ADD_CARD, NEW_PIN, OF_ACCOUNTS, OF_LOSSES, SIGN_IN, hint
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


@pytest.mark.parametrize("purpose", [SIGN_IN, ADD_CARD, ACTIVATE, NEW_PIN, *OF_LOSSES.values(), *OF_ACCOUNTS.values()])
def test_a_hint_names_the_purpose_and_quotes_no_words_that_an_approved_text_puts_otherwise(purpose: Any) -> None:
    with override("zh-hans"):
        assert str(purpose) in str(hint(purpose)) and not set("“”「」") & set(str(hint(purpose)))
