"""Operators write programmes; what is wrong is said beside its field."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from cards.models import Programme
from cards.tests.factories import CardFactory, ProgrammeFactory
from desk.tests.conftest import SignIn
from desk.tests.pages import page_of

GIVEN: dict[str, Any] = {
    "code": "library",
    "kind": "identity",
    "names_zh-hans": "借书证",
    "names_en": "Library card",
    "issuer_names_zh-hans": "示例图书馆",
    "issuer_names_en": "Example Library",
    "time_zone": "Asia/Shanghai",
    "region": "CN",
    "brand_colour": "#0b5cad",
    "number_length": "16",
    "number_prefixes": "62",
    "identity_fields": ["name"],
    "id_types": ["resident_id", "passport"],
    "minimum_age": "0",
    "issuer_host": "records",
    "functions-0-names-zh-hans": "借书",
    "functions-0-names-en": "Loans",
    "functions-0-opens": "at_once",
    "functions-0-note-zh-hans": "",
    "functions-0-note-en": "",
    "pin_length": "6",
    "pin_tries": "5",
    "pin_reset_delay": "1440",
    "pin_custody": "local",
    "code_policy-sms-digits": "6",
    "code_policy-sms-minutes": "5",
    "code_policy-email-digits": "",
    "code_policy-email-minutes": "",
    "code_fallback": "voice, email",
}
LOANS = [{"names": {"en": "Loans", "zh-hans": "借书"}, "opens": "at_once"}]


def add(client: Client, **changes: Any) -> str:
    """Post a new programme; the text of the answer, empty when it was taken."""
    answer = client.post(reverse("admin:cards_programme_add"), GIVEN | changes)
    return "" if answer.status_code == 302 else answer.content.decode()


def test_programme_is_added_in_every_language(signed_in: SignIn) -> None:
    assert add(signed_in("operator")) == ""
    made = Programme.objects.get()
    assert made.names == {"en": "Library card", "zh-hans": "借书证"}
    assert made.id_types == ["resident_id", "passport"] and made.number_prefixes == ["62"]
    assert made.code_rule("sms").lifetime.total_seconds() == 300
    assert made.code_fallback == ["voice", "email"]
    assert made.code_policy == {"sms": {"digits": 6, "minutes": 5}}
    assert made.functions == LOANS


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"code": "Uni card"}, "Use the letters a to z, digits, dashes and underscores only."),
        ({"code": "activate"}, "This word begins addresses of the portal itself."),
        ({"names_en": ""}, "Fill in “Name of the card”."),
        ({"time_zone": "Mars"}, "Use the name of an IANA time zone"),
        ({"brand_colour": "blue"}, "A colour like #0b5cad"),
        ({"logo_svg": "<svg><script/></svg>"}, "The logo must not contain “script”."),
        ({"number_prefixes": "62, 6x"}, "Prefixes are digits only, like 6228 or 955880."),
        ({"identity_fields": []}, "Fill in “Asked of the cardholder”."),
        ({"functions-0-names-en": ""}, "Function 1 needs its name in every language."),
        ({"functions-1-note-en": "Only this"}, "Function 2 needs its name in every language."),
        (
            {"functions-0-note-en": "x", "functions-0-note-zh-hans": ""},
            "Function 1 needs its note in every language, or",
        ),
        ({"functions-0-names-en": "x" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
        ({"functions-0-note-en": "Loans\0"}, "Null characters are not allowed."),
        ({"functions-0-opens": "never"}, "Function 1 needs when it opens, one of: at_once, next_day"),
        ({"code_policy-sms-digits": "7"}, "digits must be 6 or 12"),
        ({"code_policy-sms-minutes": "0"}, "minutes must be a whole number from 1 to 44640"),
        ({"code_policy-sms-minutes": "ten"}, "Write minutes as a whole number."),
        (
            {"code_fallback": "email, pigeon"},
            "This must be a list of some of these, each once: email, voice, sms.",
        ),
        ({"code_fallback": "email, email"}, "This must be a list of some of these, each once"),
        ({"host_name": "https://card.example.org/"}, "Write the name alone, like card.example.org"),
        ({"host_name": "testserver:8000"}, "Write the name alone, like card.example.org"),
        ({"host_name": "127.0.0.1"}, "Write the name alone, like card.example.org"),
        ({"host_name": "card_.example.org"}, "Write the name alone, like card.example.org"),
        ({"region": "XX"}, "Use the two letters of a country or region"),
        ({"hotline": "call us"}, "Write a telephone number"),
        ({"number_prefixes": "62，6200000000000000"}, "A prefix must be shorter than the card number."),
        ({"email_sender": "nobody"}, "Enter a valid email address."),
        ({"email_sender": "Campus <nobody>"}, "Enter a valid email address."),
        ({"minimum_age": "200"}, "The minimum age is at most 100 years."),
        ({"pin_length": "3"}, "greater than or equal to 4"),
        ({"pin_tries": "2"}, "greater than or equal to 3"),
        ({"pin_reset_delay": "10"}, "greater than or equal to 60"),
        (
            {"opens_on_0": "2027-01-02", "opens_on_1": "0:00", "closes_on_0": "2027-01-01", "closes_on_1": "0:00"},
            "The programme must close after it opens.",
        ),
    ],
)
def test_mistake_is_said_and_what_was_typed_is_kept(signed_in: SignIn, changes: dict[str, Any], sentence: str) -> None:
    page = add(signed_in("operator"), **changes)
    assert sentence in page and "借书证" in page
    assert not Programme.objects.exists()


def test_only_a_host_name_that_the_portal_answers_to_is_taken(signed_in: SignIn, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "card.example.org"]
    client = signed_in("operator")
    assert "Add it to DJANGO_ALLOWED_HOSTS first." in add(client, host_name="elsewhere.example.org")
    assert add(client, host_name=" Card.Example.org. ") == ""
    assert Programme.objects.get().host_name == "card.example.org"


def test_the_example_of_a_sender_is_readable(signed_in: SignIn) -> None:
    page = signed_in("operator").get(reverse("admin:cards_programme_add")).content.decode()
    assert "Campus card &lt;card@example.org&gt;" in page and "Campus card <card" not in page


def test_what_was_emptied_is_empty(signed_in: SignIn) -> None:
    emptied = {name: "" for name in GIVEN if name.startswith(("functions-0-n", "code_policy"))}
    emptied |= {"number_prefixes": "", "code_fallback": ""}
    assert add(signed_in("operator"), **emptied) == ""
    made = Programme.objects.get()
    assert (made.number_prefixes, made.code_policy, made.code_fallback, made.functions) == ([], {}, [], [])


def test_functions_are_rows_that_can_be_added_changed_and_taken_away(signed_in: SignIn) -> None:
    client = signed_in("operator")
    second = {"functions-2-names-en": "Gate", "functions-2-names-zh-hans": "门禁", "functions-2-opens": "next_day"}
    assert add(client, **second, **{"functions-2-note-zh-hans": "东门", "functions-2-note-en": "East"}) == ""
    made = Programme.objects.get()
    gate = {"names": {"en": "Gate", "zh-hans": "门禁"}, "opens": "next_day", "note": {"en": "East", "zh-hans": "东门"}}
    assert made.functions == [*LOANS, gate]
    page = client.get(page_of(made)).content.decode()
    assert [page.count(f'name="functions-{row}-opens"') for row in range(5)] == [1, 1, 1, 1, 0], (
        "two, and two to spare"
    )
    assert 'name="functions-1-note-zh-hans" value="东门"' in page and 'value="62"' in page
    assert "名称（简体中文）" in client.get(page_of(made), headers={"accept-language": "zh-hans"}).content.decode()
    emptied = {name: "" for name in GIVEN if name.startswith("functions-0-n")}
    assert client.post(page_of(made), GIVEN | emptied | second).status_code == 302
    made.refresh_from_db()
    assert made.functions == [{"names": gate["names"], "opens": "next_day"}]


@pytest.mark.parametrize(
    "changes, wrong",
    [
        ({"functions-1-names-en": "Gate"}, [1]),
        ({"functions-0-names-en": "", "functions-1-note-en": "East"}, [0, 1]),
        ({"functions-0-note-en": "x" * 201}, [0]),
        ({"region": "XX"}, []),
    ],
)
def test_the_rows_that_are_wrong_are_marked_and_no_others(
    signed_in: SignIn, changes: dict[str, Any], wrong: list[int]
) -> None:
    page = add(signed_in("operator"), **changes)
    rows = re.findall(r'<fieldset class="row( wrong)?">(.*?)</fieldset>', page, re.DOTALL)
    functions = [(bool(mark), body.count('aria-invalid="true"')) for mark, body in rows if "functions-" in body]
    assert functions == [(True, 5) if row in wrong else (False, 0) for row in range(len(functions))]


def test_of_the_ways_of_a_code_the_wrong_one_is_marked(signed_in: SignIn) -> None:
    for wrong in ({"code_policy-sms-minutes": "ten"}, {"code_policy-sms-minutes": "0"}):
        rows = re.findall(
            r'<fieldset class="row( wrong)?">(.*?)</fieldset>', add(signed_in("operator"), **wrong), re.S
        )
        assert [body.count("code_policy-sms-") > 0 for mark, body in rows if mark] == [True]


def test_what_was_not_touched_is_not_called_changed(signed_in: SignIn) -> None:
    client = signed_in("operator")
    assert add(client) == ""
    assert client.post(page_of(Programme.objects.get()), GIVEN | {"hotline": "95588"}).status_code == 302
    assert LogEntry.objects.latest("pk").get_change_message() == "Changed hotline."


def test_the_log_names_what_was_changed_in_the_language_of_who_reads_it(signed_in: SignIn) -> None:
    client = signed_in("operator")
    assert add(client) == ""
    changes = {"hotline": "95588", "email_sender": "card@example.org", "time_zone": "Asia/Urumqi"}
    assert client.post(page_of(Programme.objects.get()), GIVEN | changes).status_code == 302
    with translation.override("zh-hans"):
        assert LogEntry.objects.latest("pk").get_change_message() == "已修改时区、热线 和 邮件发件人。"


def test_code_of_a_programme_stays(signed_in: SignIn) -> None:
    programme = ProgrammeFactory.create()
    answer = signed_in("operator").post(page_of(programme), GIVEN | {"code": "other", "hotline": "95588"})
    assert answer.status_code == 302
    programme.refresh_from_db()
    assert (programme.code, programme.hotline) == ("campus", "95588")


def test_two_programmes_of_the_same_names_are_refused(signed_in: SignIn) -> None:
    assert add(signed_in("operator"), email_sender="Library <card@example.org>") == ""
    page = add(signed_in("operator"), code="library-2")
    assert "“library” has the same names." in page
    assert add(signed_in("operator"), code="library-2", names_en="Library card 2") == ""
    assert Programme.objects.get(code="library").email_sender == "Library <card@example.org>"


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"kind": "esim"}, "3 cards are of the present kind."),
        ({"number_length": "12"}, "3 cards have the present number of digits."),
        ({"number_prefixes": "62001"}, "3 cards were taken by the present prefixes."),
        ({"number_prefixes": "63"}, "3 cards were taken by the present prefixes."),
        ({"number_luhn": "on"}, "3 cards were taken without a Luhn digit."),
        ({"pin_length": "4"}, "2 cards have a PIN of the present length."),
        ({"number_prefixes": "62, 63"}, ""),
        ({"number_prefixes": "6"}, ""),
        ({"number_prefixes": ""}, ""),
        ({"hotline": "95588"}, ""),
    ],
)
def test_a_rule_that_cards_break_is_refused_with_their_count(
    changes: dict[str, Any], sentence: str, signed_in: SignIn
) -> None:
    programme = ProgrammeFactory.create(code="library", number_prefixes=["62"])
    CardFactory.create(programme=programme)
    CardFactory.create_batch(2, programme=programme, state="active", pin_status="ok")
    answer = signed_in("operator").post(page_of(programme), GIVEN | changes)
    assert (answer.status_code == 302) is (not sentence) and sentence in answer.content.decode()
    before, after = programme.number_length, Programme.objects.get()
    assert (after.number_length, after.number_luhn, after.pin_length) == (before, False, 6)


def test_a_programme_without_cards_changes_as_it_likes(signed_in: SignIn) -> None:
    programme = ProgrammeFactory.create(code="library", number_prefixes=["62"])
    CardFactory.create(programme=ProgrammeFactory.create(code="campus"))
    changes = {"number_length": "12", "number_prefixes": "63", "number_luhn": "on", "pin_length": "4"}
    assert signed_in("operator").post(page_of(programme), GIVEN | changes).status_code == 302
    programme.refresh_from_db()
    assert (programme.number_length, programme.number_prefixes, programme.pin_length) == (12, ["63"], 4)
