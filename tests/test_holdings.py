"""What we hold about somebody: told with why and until when, and downloaded whole, masked and bit by bit."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.held.download import json_pieces
from accounts.held.holdings import all_holdings
from accounts.models import AccountEvent, CardBinding, User
from accounts.models.binding_codes import Whose
from accounts.tests.adding import asked, helps
from accounts.tests.contacts import EMAIL, PHONE, card_of, confirms, person
from accounts.tests.factories import UserFactory
from accounts.tests.pins import OLD
from accounts.tests.test_account_page import signed_in
from activation.models import ActivationCode
from activation.services import send_code
from activation.tests.journey import at_wait
from activation.tests.worker import verify_all
from cards import pins
from cards.dimensions import Channel, Role, Via
from cards.events import Actor
from cards.tests.factories import CardFactory
from statements.models import Transaction

pytestmark = pytest.mark.django_db
ROOMS = ("accounts", "activation", "cards", "desk", "messaging", "statements", "vault")

NOT_TOLD = {
    "accounts.CodeRequest": "sealed requests of one day, answered by a worker that alone reads whose they are",
    "cards.Programme": "about an issuer, not a person",
    "desk.DoneByStaff": "a view of the events of accounts, which are told",
    "desk.Staff": "a view of the accounts of staff",
    "messaging.Destination": "about countries",
    "messaging.GatewayRate": "about gateways",
    "messaging.GatewaySender": "about gateways",
    "messaging.OperationsNotice": "what staff were told about gateways",
    "messaging.ProviderTemplate": "about gateways",
    "messaging.Receipt": "raw answers of gateways, sealed, 30 days; what they say is in the message",
    "messaging.ReceiptMention": "which raw answer speaks of which message",
    "messaging.Tally": "numbers only",
    "statements.Feed": "when the issuer was last asked about a card",
    "vault.Counter": "keyed hashes that name nobody",
}
"""Tables that the download leaves out, each with its reason."""


def rows(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = document[name]["held"]
    return held


def downloaded(user: User) -> str:
    browser = signed_in(user)
    browser.open("/account/data/")
    browser.fill()
    assert browser.page["Content-Type"].startswith("application/json")
    assert "attachment" in browser.page["Content-Disposition"] and "no-store" in browser.page["Cache-Control"]
    return b"".join(browser.page.streaming_content).decode()


def test_every_table_is_in_the_download_or_left_out_with_a_reason() -> None:
    ours = {model._meta.label: model for room in ROOMS for model in apps.get_app_config(room).get_models()}
    told = {model._meta.label for holding in all_holdings() for model in holding.models}
    assert sorted([*told, *NOT_TOLD]) == sorted(ours)


def test_the_page_says_what_why_and_until_when_of_each() -> None:
    browser = signed_in(person())
    browser.open("/account/data/")
    for holding in all_holdings():
        assert all(str(words) in browser.text for words in (holding.title, holding.why, holding.until))


def test_it_tells_ones_own_cards_codes_and_transactions_and_nobody_elses() -> None:
    user, other = person(), person(phone="+8613800138099", email="other@example.com")
    mine, theirs = card_of(user, number="6200000000002604"), card_of(other, number="6200000000009999")
    for card, shop in ((mine, "Tea"), (theirs, "Coffee")):
        Transaction.objects.create(
            programme=card.programme,
            card=card,
            issuer_id=shop,
            at=timezone.now(),
            amount=-1250,
            currency="CNY",
            kind=Transaction.Kind.values[0],
            merchant_name=shop,
            country="JP",
        )
    confirms(user)
    text = downloaded(user)
    document = json.loads(text)
    assert [row["ending_in"] for row in rows(document, "cards")] == ["2604"]
    assert [row["merchant_name"] for row in rows(document, "transactions")] == ["Tea"]
    assert [row["country"] for row in rows(document, "transactions")] == ["Japan"]
    assert [(row["amount"], row["currency"]) for row in rows(document, "transactions")] == [("-12.50", "CNY")]
    assert [row["what"] for row in rows(document, "contact_changes")] == ["mobile number"]
    assert [row["for"] for row in rows(document, "codes")] == ["to change a contact"] * 2
    assert "You asked for" in str(rows(document, "account_events"))
    held = [row for one in document.values() if isinstance(one, dict) for row in one["held"]]
    assert not [name for row in held for name in row if "__" in name]
    assert rows(document, "codes") and rows(document, "messages")
    assert "9999" not in text and "Coffee" not in text
    assert AccountEvent.objects.filter(user=user, kind="data_downloaded").exists()


def test_it_tells_of_help_on_both_sides_and_of_the_codes_it_took_and_of_nobody_by_name() -> None:
    holder, helper = person(), UserFactory.create(phone="+8613900139000")
    asked(helper, Whose.HELPED, tail=card_of(holder).number_tail, contact=PHONE)
    card = holder.bindings.get().card
    helps(helper, card)
    for user, side in ((holder, "you are helped"), (helper, "you help")):
        text = downloaded(user)
        (row,) = rows(json.loads(text), "help_with_cards")
        assert (row["helps"], row["card_ending_in"], row["ended_at"]) == (side, card.number_tail, None)
        assert ("to add a card" in [code["for"] for code in rows(json.loads(text), "codes")]) == (user == helper)
        assert "139 **** 9000" not in text or user == helper


def test_it_holds_no_whole_number_contact_name_pin_or_code() -> None:
    user = person()
    card = card_of(user)
    pins.choose_pin(card_id=card.pk, pin=OLD)
    pins.adopt_pin(card_id=card.pk)
    pending = CardFactory.create(number="6200000000007777", phone=PHONE, email=EMAIL)
    actor = Actor.staff("", Role.AGENT)
    send_code(card_id=pending.pk, by=Channel.SMS, actor=actor, channel=Via.HOTLINE, reason="requested")
    code = ActivationCode.objects.get().derive()
    text = downloaded(user)
    secrets = [PHONE, PHONE[3:], EMAIL, card.number, card.id_number, card.holder_name, OLD, code, "secret", "seed"]
    assert [secret for secret in secrets if secret in text] == []


def test_a_card_that_has_left_the_account_is_told_to_have_been_there_and_no_more() -> None:
    user = person()
    card = card_of(user)
    card.bindings.update(ended_at=timezone.now())
    document = json.loads(downloaded(user))
    assert [sorted(row) for row in rows(document, "cards")] == [
        ["ending_in", "in_your_account_from", "programme", "until"]
    ]
    assert rows(document, "card_events") == []


def test_it_is_written_row_by_row() -> None:
    user = person()
    AccountEvent.objects.bulk_create(
        AccountEvent(user=user, kind="account_reopened", facts={}, at=timezone.now()) for _ in range(2000)
    )
    pieces: Iterator[str] = json_pieces(user, timezone.now())
    sizes = [len(piece) for piece in pieces]
    assert len(sizes) > 2000 and max(sizes) < 1000


def test_who_is_not_signed_in_gets_nothing(client: Any) -> None:
    for answer in (client.get("/account/data/"), client.post("/account/data/")):
        assert answer.status_code == 303 and "/account/sign-in/" in answer["Location"]


def test_it_tells_what_was_typed_and_messages_to_the_other_contact_of_the_card() -> None:
    card = CardFactory.create(phone=PHONE, email=EMAIL)
    at_wait(card)
    verify_all()
    document = json.loads(downloaded(CardBinding.objects.get(card=card).user))
    (attempt,) = rows(document, "activations")
    assert attempt["functions"][0] == "Library: works now"
    assert rows(document, "card_events")[-1]["what"] == "The card was added to your account"
    assert {row["for"] for row in rows(document, "activation_codes")} == {"to activate your card"}
    assert attempt["verdict"] == "passed"
    assert attempt["typed"].keys() == {"contact", "name", "document", "document_number"}
    assert card.id_number not in str(attempt) and card.holder_name not in str(attempt)
    told = [(row["kind"], row["channel"]) for row in rows(document, "activation_messages")]
    assert told == [("Card is active", "text message")], "the account has the email address only"
