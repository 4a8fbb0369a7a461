"""What goes over a line is what the line allows, in the language of the message."""

import re
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Engine
from django.utils import translation

from messaging.gateways.gateway import Mail, Sms
from messaging.kinds import Envelope
from messaging.models import Message
from messaging.rendering import render, variables

FOLDER = Path(settings.BASE_DIR) / "templates" / "messages"
KINDS = sorted(path.name for path in FOLDER.iterdir())
WITH_SMS = [kind for kind in KINDS if (FOLDER / kind / "sms.txt").exists()]
WITH_CODE = [kind for kind in KINDS if (FOLDER / kind / "voice.txt").exists()]
READ_OUT = {"consent_code"}
"""Codes that their reader tells to somebody else: there is no page of this phone's browser to bind them to."""
WITH_EMAIL = [kind for kind in KINDS if (FOLDER / kind / "email.txt").exists()]
PARAMS = {
    "code": "048392",
    "tail": "2604",
    "browser": "Samsung Internet on Android",
    "minutes": "10",
    "purpose": "to sign in",
    "host": "card.example.org",
    "link": "https://card.example.org/campus/",
    "hotline": "400-810-8888",
    "reference": "K7M4-9QXR",
    "not_me": "https://card.example.org/not-me/AZq3vGfZfW2Q0xVxM3Qd5cQfYp1Zr3u2C5N0m8b7Q1k/",
    "until": "29 November 20:45",
    "at": "29 November 20:45",
    "means": "phone",
    "contact": "139 **** 9000",
    "helper": "z***@example.edu.cn",
    "what": "The hourly budget of +86 is used up.",
    "remedy": "Raise it.",
}
GSM_7 = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿")
GSM_7 |= set("abcdefghijklmnopqrstuvwxyzäöñüà")
LINK_OR_CONTACT = re.compile(r"https?:|www\.|\.(com|cn|org|net)|@|\d{5,}|400[-\d]", re.ASCII)


def said(kind: str, channel: str, language: str = "en", **more: object) -> Sms | Mail:
    """What a gateway would get for this kind."""
    message = Message(kind=kind, channel=channel, language=language, idempotency_key="key-1")
    values = {"to": "+8613800138000", "language": language, "params": PARAMS, "service": "O'Neill Campus card"}
    return render(message, Envelope(**{**values, **more}))  # type: ignore[arg-type]


def sms(kind: str, language: str = "en", **more: object) -> Sms:
    parcel = said(kind, "sms", language, **more)
    assert isinstance(parcel, Sms)
    return parcel


def parts(text: str) -> int:
    """How many SMS parts a text takes (3GPP TS 23.038: 160 or 153 characters of GSM-7, else 70 or 67 of UCS-2)."""
    one, each = (160, 153) if set(text) <= GSM_7 else (70, 67)
    units = len(text) if set(text) <= GSM_7 else len(text.encode("utf-16-be")) // 2
    return 1 if units <= one else -(-units // each)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", WITH_SMS)
def test_a_text_message_is_at_most_two_parts_and_plain_text(kind: str, language: str) -> None:
    text = sms(kind, language).text
    assert parts(text) <= 2, text
    assert "&#" not in text and "{" not in text and "  " not in text
    assert text == text.strip()
    assert not any(unicodedata.category(letter) in {"Cc", "Cf"} and letter != "\n" for letter in text)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", WITH_CODE)
def test_a_call_reads_the_code_digit_by_digit_and_twice(kind: str, language: str) -> None:
    call = said(kind, "voice", language)
    assert isinstance(call, Sms) and call.channel == "voice"
    assert call.text.count("0, 4, 8, 3, 9, 2") == 2 and "048392" not in call.text
    assert not re.search(r"[&{}@#\n]|  ", call.text)
    assert ("验证码" in call.text or "激活码" in call.text) == (language == "zh-hans")
    long = said(kind, "voice", language, params={**PARAMS, "code": "7391 0264 8853"})
    assert isinstance(long, Sms) and "7, 3, 9, 1, 0, 2, 6, 4, 8, 8, 5, 3" in long.text


def test_a_call_is_no_text_that_a_carrier_of_text_messages_has_to_approve() -> None:
    call = said("contact_code", "voice", fixed_text=True)
    assert isinstance(call, Sms) and call.text.startswith("Hello") and call.params["code"] == "048392"


def test_two_parts_are_told_from_three() -> None:
    assert [parts("a" * 160), parts("a" * 161), parts("a" * 307), parts("卡" * 70), parts("卡" * 135)] == [
        1,
        2,
        3,
        1,
        3,
    ]


@pytest.mark.parametrize("kind", WITH_SMS)
def test_a_mainland_text_has_at_most_one_variable_of_at_most_six_digits_no_link_and_no_contact(kind: str) -> None:
    parcel = sms(kind, "en", fixed_text=True, service="校园一卡通")
    assert parcel.language == "zh-hans"
    assert len(parcel.params) <= 1
    assert all(value.isascii() and value.isdigit() and len(value) <= 6 for value in parcel.params.values())
    body = parcel.text.removeprefix("【校园一卡通】")
    assert body != parcel.text, "the signature is missing"
    rest = body
    for value in parcel.params.values():
        rest = rest.replace(value, "", 1)
    assert not LINK_OR_CONTACT.search(rest)
    assert not re.search(r"[A-Za-z]", rest), "Simplified Chinese only"
    assert parts(parcel.text) == 1


@pytest.mark.parametrize("kind", WITH_SMS)
def test_the_variable_of_a_mainland_text_is_found_in_its_template(kind: str) -> None:
    template = Engine.get_default().get_template(f"messages/{kind}/sms_fixed.txt")
    assert variables(template) in {("code",), ("tail",), ()}


def test_a_mainland_text_promises_five_minutes_because_it_cannot_say_the_rest_of_a_code_s_life() -> None:
    for kind in WITH_CODE:
        assert "5 分钟内有效" in sms(kind, fixed_text=True).text


@pytest.mark.parametrize("kind", sorted({*WITH_CODE} - READ_OUT))
def test_the_last_line_binds_the_code_to_its_page_where_free_text_is_allowed(kind: str) -> None:
    assert sms(kind).text.splitlines()[-2:] == ["", "@card.example.org #048392"]
    unbound = {**PARAMS, "host": ""}
    assert "@" not in sms(kind, params=unbound).text


@pytest.mark.parametrize("kind", sorted(READ_OUT))
def test_no_browser_is_offered_a_code_that_is_to_be_told_to_somebody_else(kind: str) -> None:
    assert "048392" in sms(kind).text and "@card.example.org" not in sms(kind).text


@pytest.mark.parametrize("kind", WITH_EMAIL)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_email_has_a_subject_of_one_line_without_a_code(kind: str, language: str) -> None:
    mail = said(kind, "email", language, params={**PARAMS, "tail": "26\r\n04"})
    assert isinstance(mail, Mail)
    assert mail.subject and "\n" not in mail.subject and "\r" not in mail.subject
    assert PARAMS["code"] not in mail.subject
    assert "O'Neill" in mail.text


def test_an_email_link_carries_no_code() -> None:
    mail = said("activation_code", "email", params={**PARAMS, "code": "7391 0264 8853"})
    assert isinstance(mail, Mail)
    links = re.findall(r"https?://\S+", mail.text)
    assert links == ["https://card.example.org/campus/"]
    assert "\n    7391 0264 8853\n" in mail.text


def test_the_language_is_the_message_s_and_not_the_worker_s() -> None:
    with translation.override("zh-hans"):
        english = sms("contact_code", "en").text
    with translation.override("en"):
        again = sms("contact_code", "en").text
        assert translation.get_language() == "en"
    assert english == again
    assert english.startswith("048392 is your O'Neill Campus card security code to sign in.")


def test_the_signature_is_the_sender_s_where_it_has_one() -> None:
    assert sms("contact_code", fixed_text=True, sender="示例大学").text.startswith("【示例大学】验证码 048392，")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_free_text_names_the_service_in_its_words_and_bears_no_signature(language: str) -> None:
    """A signature in brackets is the mainland's rule: it stands before approved texts, where rendering puts it."""
    bracketed = [kind for kind in WITH_SMS if "【" in sms(kind, language).text]
    nameless = {kind for kind in WITH_SMS if "O'Neill Campus card" not in sms(kind, language).text}
    helping = ("helping_begun", "helping_ended")
    assert bracketed == []
    assert nameless == {"consent_code", "card_liftable", "helper_added", "helper_ended", *helping, "pin_reset_begun"}


def test_what_is_never_logged_is_not_in_the_repr_either() -> None:
    seen = repr(sms("contact_code")) + repr(Envelope(to="x", language="en", params=PARAMS))
    assert "048392" not in seen and "13800138000" not in seen


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_link_ends_where_a_mail_program_ends_it(language: str) -> None:
    """Chinese punctuation may stand in an address: behind one, programs take the rest of the sentence for its path."""
    links = {PARAMS["link"], PARAMS["not_me"], "https://card.example.org/found/"}
    for kind in WITH_EMAIL:
        mail = said(kind, "email", language)
        assert isinstance(mail, Mail)
        assert set(re.findall(r"https?://\S+", mail.text)) <= links, kind
