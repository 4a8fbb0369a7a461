"""What no page of ours sends, sent to every address there is: a sentence that says what to do, or a 4xx; never a 500.

Django's test client raises what the portal does not answer, so that a 500 fails its test.
"""

from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activation.models import ActivationAttempt
from activation.tests.browser import Browser
from pages.tests.dom import dom
from tests.protections.addresses import addresses, an_owner, asks_to_sign_in, names, somebody_everywhere

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postgres")]  # which takes less than SQLite does

FORM = "application/x-www-form-urlencoded"
FIELDS = (
    *(
        "card_number",
        "code",
        "name",
        "idno",
        "phone",
        "email",
        "via",
        "otp",
        "pin",
        "pin2",
        "agree",
        "contact",
        "ident",
        "tail",
        "what",
        "amount",
        "limit",
        "many",
    ),
    *("doc", "resend", "form_token", "_lang", "_big"),
)
TYPED = {
    "full width": "７３９１　０２６４　８８５３",
    "dashes": "7391‐0264‑8853‒–—―−﹘﹣－",
    "a whole message": "【示例大学】您的激活码是 7391 0264 8853，24 小时内有效。请不要告诉任何人。\r\n退订回T",
    "NUL": "73\x0091",
    "controls": "\x01\x1b[31m\x7f\x85\u2028",
    "no character": "\u200b\u202e\ufeff",
    "emoji": "👩‍👩‍👧🏽" * 40,
    "private and unassigned": "\ue000\U0010ffff\U000e0001",
    "superscripts": "⁷³⁹¹²⁰⁶ ٧٣٩١ ①②③",
    "HTML": "\"'><script>alert(1)</script>{{ 7|add:7 }}{% now %}",
    "SQL and format": "' OR 1=1 --%s%(n)s{0}$1\\",
    "at signs": "@@a@b@.@",
    "pluses": "+" * 50,
    "60 KB": "7" * 2500,
}
BODIES = {
    "nothing": (b"", FORM),
    "nothing of the form": (b"a=1", FORM),
    "arrays": ("&".join(f"{name}[]=1&{name}[0]=2" for name in FIELDS).encode(), FORM),
    "doubled": ("&".join(f"{name}=1&{name}=2" for name in FIELDS).encode(), FORM),
    "no UTF-8": ("&".join(f"{name}=%ff%c0%80" for name in FIELDS).encode(), FORM),
    "half a surrogate": ("&".join(f"{name}=%ed%a0%80" for name in FIELDS).encode(), FORM),
    "bare bytes": (b"code=\xff\xfe\x00&card_number=\x00", FORM),
    "half a percent": (b"code=%&card_number=%4&name=%zz", FORM),
    "1 MB": (b"code=" + b"7" * 1_000_000, FORM),
    "2000 parameters": (b"&".join(b"a%d=1" % number for number in range(2000)), FORM),
    "JSON": (b'{"code": ["7391"], "card_number": {"a": null}}', "application/json"),
    "broken multipart": (b"--x\r\nContent-Disposition: form-data\r\n\r\n", "multipart/form-data; boundary=x"),
    "multipart without boundary": (b"code=1", "multipart/form-data"),
    "a file for a field": (
        b'--x\r\nContent-Disposition: form-data; name="code"; filename="a"\r\n\r\n1\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "another character set": (b"code=\x81\x30", f"{FORM}; charset=gb18030"),
    "no character set": (b"code=1", f"{FORM}; charset=klingon"),
    "XML": (b"<?xml version='1.0'?><a/>", "text/xml"),
    "no type": (b"code=1", ""),
}
QUERIES = (
    *("doc=zz", "doc=choose", "doc[]=1", "e=1", "e=%ff", "lang=xx", "lang=en&lang=zh-hans", "lang=%ff", "big=7"),
    *("next=//evil.example/", "next=%00", "next=javascript:1", "code=" + "7" * 4000, "%ff=%ff", "&&=&", "?" * 90),
)
HEADERS = (
    {"accept-language": "zz;q=9,*;q=-1,,;;" * 50},
    {"accept-language": "a" * 5000},
    {"cookie": "sessionid=zz; csrftoken=\u00e9\u00e9; lang=xx; big=7; =; ;;" + "a=b;" * 400},
    {"cookie": "sessionid=" + "a" * 5000},
    {"x-forwarded-for": "unknown, ::1%eth0, 999.1.1.1, [::", "x-request-id": "\t" * 90},
    {"referer": "http://[", "user-agent": "\u00ff" * 5000, "content-length": "-1"},
    {"host": "evil.example:99999999"},
    {"host": "[::"},
)


def answers_clearly(
    browser: Browser,
    method: str,
    path: str,
    body: bytes = b"",
    content_type: str = FORM,
    headers: dict[str, str] | None = None,
) -> None:
    """The answer is a page with one headline, or a redirect to one. A page that is not there has its headline too."""
    answer: Any = browser.client.generic(method, path, body, content_type=content_type, headers=headers)
    assert answer.status_code in {200, 302, 303, 400, 403, 404, 405, 413}, path
    is_file = "attachment" in answer.get("Content-Disposition", "")
    assert method != "POST" or answer.status_code != 200 or is_file, f"{path}: a POST answers with a redirect"
    if answer.status_code in {302, 303}:
        first, answer = answer.status_code, browser.client.get(answer["Location"], follow=True)
        assert answer.status_code == 200 or (first, method, answer.status_code) == (303, "GET", 404), path
    if answer.get("Content-Type", "").startswith("text/html") and answer.content and "/status/" not in path:
        assert dom(answer.content).one("h1").text


def every_address(name: str) -> tuple[Browser, list[str]]:
    if asks_to_sign_in(name):
        browser, card_ids = an_owner()
        return browser, addresses(name, [""], card_ids)
    browser, references = somebody_everywhere()
    return browser, addresses(name, references, [uuid4()])


def test_owner_of_a_card_reaches_its_pages() -> None:
    browser, (own, of_nobody) = an_owner()
    statuses = [browser.client.get(reverse("accounts:own_lost", args=[one])).status_code for one in (own, of_nobody)]
    assert statuses == [200, 404]


def test_the_table_of_addresses_is_whole() -> None:
    assert {"activation:step", "activation:enter-code", "accounts:sign_in", "pages:help"} <= set(names())
    _browser, found = every_address("activation:step")
    assert sum(path.endswith("/choose-pin/") for path in found) == 3


def typed_badly(browser: Browser, path: str) -> None:
    for typed in TYPED.values():
        answers_clearly(browser, "POST", path, urlencode(dict.fromkeys(FIELDS[:-4], typed)).encode())


def sent_badly(browser: Browser, path: str) -> None:
    for body, content_type in BODIES.values():
        answers_clearly(browser, "POST", path, body, content_type)


def asked_badly(browser: Browser, path: str) -> None:
    for query in QUERIES:
        answers_clearly(browser, "GET", f"{path}?{query}")
    for headers in HEADERS:
        answers_clearly(Browser(), "GET", path, headers=headers)
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"):
        answers_clearly(browser, method, path, b"code=1")


@pytest.mark.parametrize("name", names())
def test_whatever_is_typed_or_sent_or_stands_around_a_request_is_answered(name: str) -> None:
    """One test an address, for bringing somebody to every form costs more than sending it something. Each kind of
    badness finds it all as it was: a savepoint takes back what the one before has done."""
    browser, paths = every_address(name)
    cookies = {key: morsel.value for key, morsel in browser.client.cookies.items()}
    for bad in (typed_badly, sent_badly, asked_badly):
        before = transaction.savepoint()
        for path in paths:
            bad(browser, path)
        transaction.savepoint_rollback(before)
        browser.client.cookies = SimpleCookie(cookies)


@pytest.mark.parametrize(
    "reference", ["a", "%00", "%ff", "..", "A7K4-22QP-Z9HM", "%E2%80%AE", "a" * 4000, "'--", "{{7}}"]
)
def test_a_reference_that_nobody_has_is_answered(reference: str) -> None:
    browser = Browser()
    for slug in ("confirm-identity", "confirm-contact/code", "wait", "wait/status", "done", "problem", "nonsense"):
        answers_clearly(browser, "GET", f"/activate/{reference}/{slug}/")
        answers_clearly(browser, "POST", f"/activate/{reference}/{slug}/", b"name=1")


FIRST_PAGES = ("/activate/enter-code/", "/code/new/", "/account/sign-in/")


@pytest.mark.parametrize("path", FIRST_PAGES)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(typed=st.dictionaries(st.sampled_from(FIELDS[:-4]), st.text(max_size=40), max_size=4))
def test_any_text_at_all_is_answered(path: str, typed: dict[str, str]) -> None:
    answers_clearly(Browser(), "POST", path, urlencode(typed).encode())


SHOWN_AGAIN = {
    "/activate/enter-code/": ("card_number", "code"),
    "/code/new/": ("card_number", "contact"),
    "/account/sign-in/": ("ident",),
    "confirm-identity": ("name", "idno"),
    "confirm-contact": ("phone", "email"),
}


@pytest.mark.parametrize("where", SHOWN_AGAIN)
@pytest.mark.parametrize("typed", ["７391—0", "a@", "【示例】 739 1", "<b>\"'&"])
def test_what_was_mistyped_is_shown_again_as_it_was_typed(where: str, typed: str) -> None:
    browser, references = somebody_everywhere()
    path = where if where.startswith("/") else f"/activate/{references[0]}/{where}/"
    answer = browser.client.post(path, dict.fromkeys(SHOWN_AGAIN[where], typed) | {"via": "email"})
    assert answer.status_code == 303
    for language in ("en", "zh-hans"):
        browser.client.cookies["lang"] = language
        shown = dom(browser.client.get(answer["Location"]).content)
        assert {shown.by_id(f"id_{name}").attrs["value"] for name in SHOWN_AGAIN[where]} == {typed}


def test_a_form_without_its_token_is_told_what_to_do_and_changes_nothing() -> None:
    browser, references = somebody_everywhere()
    browser.client.handler.enforce_csrf_checks = True
    for page in ("confirm-identity", "choose-pin", "submit"):
        path = f"/activate/{references[1]}/{page}/"
        answer = browser.client.post(path, {"agree": "on", "name": "x"})
        assert answer.status_code == 403
        assert dom(answer.content).one("a", href=path)
    assert ActivationAttempt.objects.filter(submitted_at__isnull=False).count() == 0
