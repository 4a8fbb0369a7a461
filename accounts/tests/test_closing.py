"""Closing an account: out at once, nothing that must be kept is deleted, and it can be undone for a week."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.binding.joining import account_for_contact, bind_card
from accounts.loss.not_me import message_of, token_of
from accounts.models import AccountEvent, CardBinding, CardHelper, Case, ContactChange, SignInCode, User, UserSession
from accounts.models.account_codes import Proof
from accounts.own_account import closing
from accounts.own_account import messages as account_messages
from accounts.own_account.codes import Asked
from accounts.refusals import CodeNotAccepted, CodeUsed
from accounts.services import close_account, deny
from accounts.tests.adding import helps
from accounts.tests.codes import ADDRESS, another, ask_for_code
from accounts.tests.contacts import EMAIL, PHONE, asks, card_of, confirms, digits_of, person
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.pins import OLD, card_with_pin, pin_of
from cards.models import Card, CardEvent
from messaging.models import Message
from messaging.rendering import render

pytestmark = pytest.mark.django_db


def closed(user: User) -> Asked:
    asked = asks(Proof.CLOSE, user, PHONE)
    close_account(asked=asked, otp=digits_of(user, Proof.CLOSE), address=ADDRESS)
    return asked


def live_cards(user: User) -> list[object]:
    return list(CardBinding.objects.live().filter(user=user).values_list("card_id", flat=True))


def answered_notice(user: User) -> Case:
    told = Message.objects.filter(kind="account_closed").latest("pk")
    message = message_of(token_of(told.pk), timezone.now())
    assert message is not None
    return deny(message=message)


def test_cards_leave_the_account_and_work_on_and_what_happened_stays() -> None:
    user = person()
    card = card_with_pin(phone=PHONE)
    bind_card(card_id=card.pk, user_id=user.pk)
    before = CardEvent.objects.filter(card=card).count()
    closed(user)
    user.refresh_from_db()
    assert user.closed_at is not None and not user.is_active
    assert live_cards(user) == []
    assert (Card.objects.get(pk=card.pk).state, pin_of(card)) == ("active", OLD)
    assert CardEvent.objects.filter(card=card).count() == before + 1
    assert CardEvent.objects.filter(card=card, kind="unbound", actor_id=str(user.pk)).exists()
    assert AccountEvent.objects.get().kind == "account_closed"


def test_the_help_that_it_gives_and_gets_ends_with_it_and_other_help_goes_on() -> None:
    user, other = person(), UserFactory.create()
    mine, elsewhere = card_of(user), CardBindingFactory.create(user=other).card
    given, taken = helps(user, elsewhere), helps(UserFactory.create(), mine)
    stays = helps(UserFactory.create(), elsewhere, place=2)
    closed(user)
    assert set(CardHelper.objects.live()) == {stays}
    ended = set(CardEvent.objects.filter(kind="helper_ended").values_list("card_id", "actor_id"))
    assert ended == {(mine.pk, str(user.pk)), (elsewhere.pk, str(user.pk))}
    told = set(Message.objects.filter(kind__in=("helper_ended", "helping_ended")).values_list("subject_id", flat=True))
    assert told == {given.pk, taken.pk}


def test_nobody_gets_in_any_more_by_a_code_or_a_session_and_a_change_that_waited_is_stopped() -> None:
    user = person()
    change = confirms(user)
    UserSession.objects.create(user=user, browser="Chrome/Android", began_at=timezone.now(), seen_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        ask_for_code(EMAIL)
        closed(user)
        assert not SignInCode.objects.live(timezone.now()).exists()
        with time_machine.travel(timezone.now() + timedelta(minutes=3)):
            ask_for_code(PHONE)
            assert not SignInCode.objects.live(timezone.now()).exists()
    assert not UserSession.objects.filter(ended_at=None).exists()
    change.refresh_from_db()
    assert change.outcome == ContactChange.Outcome.STOPPED


@pytest.mark.parametrize("proof", ["wrong digits", "another browser", "another act", "another account"])
def test_without_the_code_for_it_nothing_is_closed(proof: str) -> None:
    user, other = person(), person(phone="+8613800138099", email="other@example.com")
    asked = asks(Proof.CLOSE, user, PHONE)
    digits = digits_of(user, Proof.CLOSE)
    asks(Proof.CLOSE, other, "+8613800138099")
    tried, otp = {
        "wrong digits": (asked, another(digits)),
        "another browser": (Asked(asked.act, asked.user, asked.contact, "theirs"), digits),
        "another act": (Asked(Proof.OLD, asked.user, asked.contact, asked.secret), digits),
        "another account": (asked, digits_of(other, Proof.CLOSE)),
    }[proof]
    with pytest.raises(CodeNotAccepted):
        close_account(asked=tried, otp=otp, address=ADDRESS)
    assert not User.objects.closed().exists()


def test_closed_twice_it_is_closed_once() -> None:
    user = person()
    asked = asks(Proof.CLOSE, user, PHONE)
    digits = digits_of(user, Proof.CLOSE)
    close_account(asked=asked, otp=digits, address=ADDRESS)
    with pytest.raises(CodeUsed):
        close_account(asked=asked, otp=digits, address=ADDRESS)
    assert Message.objects.filter(kind="account_closed").count() == 2


def test_every_contact_is_told_with_a_link_that_opens_it_again_with_its_cards() -> None:
    user = person()
    card = card_of(user)
    closed(user)
    envelopes = {}
    for message in Message.objects.filter(kind="account_closed"):
        envelope = account_messages.build_closed(message)
        assert envelope is not None
        envelopes[envelope.to] = render(message, envelope).text
        assert f"/not-me/{token_of(message.pk)}/" in envelopes[envelope.to]
    assert envelopes.keys() == {PHONE, EMAIL}
    case = answered_notice(user)
    user.refresh_from_db()
    assert user.is_active and user.closed_at is None and live_cards(user) == [card.pk]
    assert case.user_id == user.pk and "account_reopened" in Case.objects.get().done
    told = Message.objects.filter(kind="account_reopened")
    assert {message.contact_index for message in told} == {user.phone_index, user.email_index} - {None}
    last = Message.objects.filter(kind="account_closed").latest("pk")
    assert account_messages.build_closed(last) is None


@pytest.mark.parametrize("with_card", [True, False])
def test_the_email_that_it_is_open_again_leads_to_the_page_where_one_signs_in(client: Client, with_card: bool) -> None:
    user = person()
    part = f"/{card_of(user).programme.code}" if with_card else ""
    closed(user)
    answered_notice(user)
    message = Message.objects.get(kind="account_reopened", channel="email")
    envelope = account_messages.build_reopened(message)
    assert envelope is not None
    link = f"{settings.PORTAL_URL}{part}/account/sign-in/"
    assert f": {link}\n" in render(message, envelope).text
    assert 'name="ident"' in client.get(link.removeprefix(settings.PORTAL_URL)).content.decode()


def test_help_does_not_come_back_and_every_page_that_speaks_of_it_says_so(client: Client) -> None:
    user = person()
    helps(UserFactory.create(), card_of(user))
    helps(user, CardBindingFactory.create().card)
    client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    client.cookies["lang"] = "en"
    assert "That does not come back" in client.get("/account/close/").content.decode()
    closed(user)
    answered_notice(user)
    assert not CardHelper.objects.live().exists()
    notice = Message.objects.filter(kind="account_closed").latest("pk")
    page = client.get(f"/not-me/{token_of(notice.pk)}/").content.decode()
    assert "Help with cards has ended and does not come back" in page and 'href="/account/sign-in/"' in page
    client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    client.cookies["lang"] = "en"
    assert "opened again. Help with cards stays ended" in client.get("/account/activity/").content.decode()


def test_a_card_that_another_account_has_meanwhile_stays_there() -> None:
    user, other = person(), person(phone="+8613800138099", email="")
    card = card_of(user)
    closed(user)
    bind_card(card_id=card.pk, user_id=other.pk)
    answered_notice(user)
    assert live_cards(user) == [] and live_cards(other) == [card.pk]


def test_a_week_later_its_contacts_are_deleted_and_it_stays_closed() -> None:
    user = person()
    closed(user)
    with time_machine.travel(timezone.now() + closing.KEEPS_CONTACTS - timedelta(hours=1)):
        assert closing.forget_contacts() == 0
    with time_machine.travel(timezone.now() + closing.KEEPS_CONTACTS + timedelta(minutes=1)):
        assert closing.forget_contacts() == 1
        assert not closing.reopen(user.pk, timezone.now())
    user.refresh_from_db()
    assert (user.phone, user.email, user.phone_index, user.email_index) == ("", "", None, None)
    assert AccountEvent.objects.filter(user=user).exists()


def test_whoever_proves_the_contact_gets_a_new_account_that_shows_nothing_of_the_old() -> None:
    user = person()
    card_of(user)
    closed(user)
    again = account_for_contact(contact=PHONE)
    assert again.pk != user.pk and live_cards(again) == []
    user.refresh_from_db()
    assert user.phone_index is None and user.email_index is not None
    assert account_for_contact(contact=PHONE).pk == again.pk
