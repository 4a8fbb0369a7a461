"""A code that ends while another transaction waits for its row is not used by that one."""

import time

import pytest
from django.db import transaction
from django.utils import timezone

from activation.models import ActivationCode
from activation.tests.factories import issue
from cards.tests.factories import CardFactory
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_code_revoked_while_a_try_waits_for_its_row_is_not_reserved(postgres: str) -> None:
    card, at = CardFactory.create(), timezone.now()
    code = issue(card, at=at)

    def act(number: int) -> int:
        if number == 0:
            with transaction.atomic():
                ActivationCode.objects.revoke(at)
                time.sleep(0.5)
            return 0
        time.sleep(0.2)
        return int(ActivationCode.objects.reserve_for_attempt(code.pk, at, code.expires_at))

    assert sum(at_once(2, act)) == 0
    code.refresh_from_db()
    assert code.reserved_until is None
