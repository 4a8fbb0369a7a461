"""A code that ends while another transaction waits for its row is not used by that one."""

import pytest
from django.utils import timezone

from activation.models import ActivationCode
from activation.tests.factories import issue
from cards.tests.factories import CardFactory
from vault.tests.concurrency import while_uncommitted

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_code_revoked_while_a_try_waits_for_its_row_is_not_reserved(postgres: str) -> None:
    card, at = CardFactory.create(), timezone.now()
    code = issue(card, at=at)

    def revoke() -> None:
        ActivationCode.objects.revoke(at)

    def reserve() -> bool:
        return ActivationCode.objects.reserve_for_attempt(code.pk, at, code.expires_at)

    assert not while_uncommitted(revoke, reserve)
    code.refresh_from_db()
    assert code.reserved_until is None
