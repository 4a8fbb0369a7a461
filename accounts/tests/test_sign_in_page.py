"""Signing in as a person does it: two pages, then back to where they came from."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import code_requests
from accounts.models import CodeRequest, SignInCode
from accounts.tests.codes import another, current_code
from accounts.tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN, VERIFY, CARDS = "/account/sign-in/", "/account/sign-in/verify/", "/cards/"


def begin(client: Client, ident: str, query: str = "") -> str:
    """Enter a phone or an email, and let the worker answer; gives where the browser is sent."""
    answer = client.post(SIGN_IN + query, {"ident": ident})
    code_requests.answer_waiting()
    assert answer.status_code == 303
    return answer["Location"]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_person_comes_for_their_cards_signs_in_and_gets_there(client: Client) -> None:
    user = UserFactory.create()
    to_sign_in = client.get(CARDS)
    assert to_sign_in.status_code == 303
    assert to_sign_in["Location"] == f"{SIGN_IN}?next=%2Fcards%2F"
    assert begin(client, user.phone, "?next=%2Fcards%2F") == VERIFY
    done = client.post(VERIFY, {"otp": current_code(user.pk)})
    assert (done.status_code, done["Location"]) == (303, CARDS)
    assert "My cards" in seen(client, CARDS)


@pytest.mark.parametrize("spelling", ["138 0013 8000", "+86-138-0013-8000", "0086１３８００１３８０００"])
def test_every_spelling_of_a_number_signs_in_to_the_same_account(client: Client, spelling: str) -> None:
    user = UserFactory.create(phone="+8613800138000")
    begin(client, spelling)
    client.post(VERIFY, {"otp": f"【示例大学】验证码 {current_code(user.pk)}，用于登录"})
    assert is_signed_in(client)


def test_the_code_page_cannot_be_opened_directly(client: Client) -> None:
    for answer in (client.get(VERIFY), client.post(VERIFY, {"otp": "123456"})):
        assert (answer.status_code, answer["Location"]) == (303, SIGN_IN)
    assert not is_signed_in(client)


def test_the_session_key_is_renewed_at_sign_in(client: Client) -> None:
    user = UserFactory.create()
    begin(client, user.phone)
    before = client.cookies["sessionid"].value
    client.post(VERIFY, {"otp": current_code(user.pk)})
    after = client.cookies["sessionid"].value
    assert is_signed_in(client)
    assert after != before
    client.cookies["sessionid"] = before
    assert not is_signed_in(client)


def test_no_more_than_the_last_two_digits_of_the_number_are_shown(client: Client) -> None:
    begin(client, "13800138042")
    page = seen(client, VERIFY)
    assert '<bdi dir="ltr">42</bdi>' in page
    assert "8042" not in page


def test_known_and_unknown_contacts_get_the_same_pages(client: Client) -> None:
    user = UserFactory.create(phone="+8613800138042")
    known, pages = user.phone, {}
    with time_machine.travel(timezone.now(), tick=False):  # a page says from when one may send again
        for number in (known, "+8613800139942"):
            browser = Client(headers={"accept-language": "en"})
            where = [begin(browser, number)]
            pages[number] = [where, without_tokens(seen(browser, VERIFY))]
            browser.post(VERIFY, {"otp": "000000" if number != known else another(current_code(user.pk))})
            pages[number].append(without_tokens(seen(browser, f"{VERIFY}?e=1")))
    assert pages[known] == pages["+8613800139942"]
    assert SignInCode.objects.count() == 1


def test_a_wrong_code_is_told_with_the_tries_left_from_three_on(client: Client) -> None:
    begin(client, "13800138000")
    for left in (None, "3 tries", "2 tries", "1 try"):
        answer = client.post(VERIFY, {"otp": "000000"})
        assert (answer.status_code, answer["Location"]) == (303, f"{VERIFY}?e=1#errors")
        page = seen(client, f"{VERIFY}?e=1")
        assert "That code is not correct. Check the latest message" in page
        assert "000000" not in page
        assert (f"You have {left} left" in page) if left else ("left" not in page)


def test_the_fifth_wrong_code_locks_and_names_the_time(client: Client) -> None:
    user = UserFactory.create()
    begin(client, user.phone)
    code = current_code(user.pk)
    for _try in range(5):
        client.post(VERIFY, {"otp": another(code)})
    page = seen(client, VERIFY)
    assert "You entered the wrong code too many times. Get a new code after" in page
    assert 'name="otp"' not in page
    client.post(VERIFY, {"otp": code})
    assert not is_signed_in(client)
    other_browser = Client(headers={"accept-language": "en"})
    begin(other_browser, user.phone)
    assert "too many times" in seen(other_browser, VERIFY)


def test_an_expired_code_is_replaced_by_itself_and_the_page_says_so(client: Client) -> None:
    user = UserFactory.create()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        begin(client, user.phone)
        old = current_code(user.pk)
        clock.shift(timedelta(minutes=11))
        client.post(VERIFY, {"otp": old})
        code_requests.answer_waiting()
        assert "This code has expired. We have sent you a new one" in seen(client, f"{VERIFY}?e=1")
        assert current_code(user.pk) != old
        client.post(VERIFY, {"otp": current_code(user.pk)})
    assert is_signed_in(client)


def test_sending_again_too_early_names_the_time_to_the_second(client: Client) -> None:
    with time_machine.travel("2026-11-23 12:46:10+00:00", tick=False):
        begin(client, "13800138000")
        assert client.post(VERIFY, {"resend": "1"})["Location"] == VERIFY
        assert "You can send again after 20:47:10" in seen(client, VERIFY)
    assert CodeRequest.objects.count() == 1


def test_sending_again_after_a_minute_sends_the_same_digits(client: Client) -> None:
    user = UserFactory.create()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        begin(client, user.phone)
        code = current_code(user.pk)
        clock.shift(timedelta(seconds=61))
        client.post(VERIFY, {"resend": "1"})
        code_requests.answer_waiting()
        assert "you will get a code within a few minutes" in seen(client, VERIFY)
    assert CodeRequest.objects.count() == 2
    assert current_code(user.pk) == code


def test_a_doubled_press_of_send_again_asks_once_and_is_told_the_same(client: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        begin(client, "13800138000")
        clock.shift(timedelta(seconds=61))
        pages = []
        for _twice in range(2):
            client.post(VERIFY, {"resend": "1", "form_token": "one press"})
            pages.append(without_tokens(seen(client, VERIFY)))
    assert pages[0] == pages[1]
    assert CodeRequest.objects.count() == 2


def test_asking_for_a_fourth_code_within_the_hour_is_refused_at_the_field(client: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _time in range(3):
            begin(client, "13800138000")
            clock.shift(timedelta(seconds=61))
        answer = client.post(SIGN_IN, {"ident": "13800138000"})
        assert answer["Location"] == f"{SIGN_IN}?e=1#errors"
        assert "You have asked for too many codes, whatever they were for. Try again after" in seen(
            client, f"{SIGN_IN}?e=1"
        )
    assert CodeRequest.objects.count() == 3


def test_entering_the_same_contact_again_within_the_minute_goes_on_to_the_code(client: Client) -> None:
    user = UserFactory.create()
    begin(client, user.phone)
    assert begin(client, user.phone) == VERIFY
    client.post(VERIFY, {"otp": current_code(user.pk)})
    assert is_signed_in(client)


def test_a_place_that_asks_for_31_codes_is_told_when_to_try_again(client: Client) -> None:
    for serial in range(30):
        begin(client, f"138{serial:08d}")
    answer = client.post(SIGN_IN, {"ident": "13999999999"})
    assert answer.status_code == 429
    assert "Try again after" in answer.content.decode()
    assert CodeRequest.objects.count() == 30


def test_a_doubled_click_on_sign_in_ends_on_the_page_that_was_wanted(client: Client) -> None:
    user = UserFactory.create()
    begin(client, user.phone, "?next=/help/")
    earlier = client.cookies["sessionid"].value
    session = dict(client.session.items())
    code = current_code(user.pk)
    client.post(VERIFY, {"otp": code})
    late = Client(headers={"accept-language": "en"})
    late.cookies["sessionid"] = earlier
    assert late.post(VERIFY, {"otp": code})["Location"] == SIGN_IN
    assert not is_signed_in(late)
    store = late.session  # the click that came while the first one was still being answered
    store.update(session)
    store.save()
    late.cookies["sessionid"] = str(store.session_key)
    used = late.post(VERIFY, {"otp": code})["Location"]
    assert not is_signed_in(late)
    assert client.get(used)["Location"] == "/help/", "the browser has got the first one's cookie meanwhile"


def test_a_code_that_another_browser_has_used_is_told_so(client: Client) -> None:
    user, other = UserFactory.create(), Client(headers={"accept-language": "en"})
    begin(client, user.phone)
    begin(other, user.phone, "?next=/help/")
    code = current_code(user.pk)
    other.post(VERIFY, {"otp": code})
    assert is_signed_in(other)
    page = client.post(VERIFY, {"otp": code}, follow=True)
    assert "That code has been used already. Get a new one to sign in here" in page.content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "", "cards/"]
)
def test_nobody_is_led_away_from_the_portal_after_signing_in(client: Client, elsewhere: str) -> None:
    user = UserFactory.create()
    client.post(f"{SIGN_IN}?next={elsewhere}", {"ident": user.phone})
    code_requests.answer_waiting()
    assert client.post(VERIFY, {"otp": current_code(user.pk)})["Location"] == CARDS


def test_who_is_signed_in_is_not_asked_again(client: Client) -> None:
    client.force_login(UserFactory.create(), backend="accounts.backends.OneTimeCodeBackend")
    assert client.get(f"{SIGN_IN}?next=/help/")["Location"] == "/help/"
    assert client.get(VERIFY)["Location"] == SIGN_IN


def test_staff_do_not_sign_in_by_code(client: Client) -> None:
    staff = StaffFactory.create(phone="+8613800138000")
    begin(client, staff.phone)
    assert not SignInCode.objects.exists()
    assert "you will get a code" in seen(client, VERIFY)


def test_nothing_typed_is_told_as_the_catalogue_does(client: Client) -> None:
    client.post(SIGN_IN, {"ident": " "})
    assert "Enter a mobile number or email address" in seen(client, f"{SIGN_IN}?e=1")
    begin(client, "13800138000")
    for typed, words in (
        ("", "Enter the security code"),
        ("12ab56", "Security code must only include numbers"),
        ("12345", "Security code must be 6 numbers, you entered 5"),
    ):
        client.post(VERIFY, {"otp": typed})
        assert words in seen(client, f"{VERIFY}?e=1")


def without_tokens(page: str) -> str:
    """A page without what differs at every look: tokens and the seconds counted down."""
    lines = page.replace("><", ">\n<").splitlines()
    return "\n".join(line for line in lines if "token" not in line and "data-wait" not in line)
