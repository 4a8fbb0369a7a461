"""A page of the journey that was opened before its person signed in in another tab keeps what was typed."""

import pytest

from accounts.tests.factories import UserFactory
from accounts.tests.signing_in import sign_in
from accounts.tests.test_earlier_pages import AGAIN, opened, strictly
from activation.tests.journey import at_identity
from cards.tests.factories import CardFactory

pytestmark = pytest.mark.django_db


def test_the_name_is_kept_and_the_number_of_the_document_is_not() -> None:
    person = at_identity(CardFactory.create())
    address, browser = person.at, person.client
    token = opened(browser, address)
    sign_in(browser, UserFactory.create())
    page = strictly(browser, token, address, name="王小明", idno="110105194912310021").content.decode()
    assert AGAIN in page and 'value="王小明"' in page and "110105194912310021" not in page
