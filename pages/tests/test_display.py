"""Language and large print: chosen in the header, remembered, without losing what was typed (G10, G11)."""

import pytest
from django.test import Client

from pages.tests.dom import dom

pytestmark = [pytest.mark.django_db, pytest.mark.urls("pages.tests.sample")]


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("en", "en"),
        ("en-GB,zh;q=0.5", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh", "zh-CN"),
        ("de,en;q=0.5", "en"),
        ("de", "zh-CN"),
        ("", "zh-CN"),
        ("*;q=x,,;\x00", "zh-CN"),
    ],
)
def test_the_browser_s_language_is_spoken_else_chinese(header: str, tag: str) -> None:
    answer = Client(headers={"accept-language": header}).get("/help/")
    assert dom(answer.content).one("html").attrs["lang"] == tag


def test_a_page_without_a_form_changes_language_by_a_link(client: Client) -> None:
    link = dom(client.get("/plain/?month=11").content).one("a", lang="zh-CN")
    assert (link.text, link.attrs["href"]) == ("简体中文", "?month=11&lang=zh-hans")
    answer = client.get("/plain/?month=11&lang=zh-hans")
    assert (answer.status_code, answer["Location"]) == (303, "/plain/?month=11")
    assert dom(client.get("/plain/").content).one("html").attrs["lang"] == "zh-CN"
    cookie = client.cookies["lang"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)


def test_changing_language_keeps_what_was_typed_and_checks_nothing(client: Client) -> None:
    button = dom(client.get("/sample/").content).one("button", lang="zh-CN")
    assert (button.attrs["form"], button.attrs["name"]) == ("step", "_lang")
    answer = client.post("/sample/", {"card_number": "62", "code": "7391 0264 8853", "_lang": "zh-hans"})
    assert (answer.status_code, answer["Location"]) == (303, "/sample/")
    page = dom(client.get("/sample/").content)
    assert page.one("html").attrs["lang"] == "zh-CN"
    assert page.by_id("id_card_number").attrs["value"] == "62"
    assert not page.all(id="errors")


def test_changing_language_on_a_mistaken_page_tells_the_mistakes_again(client: Client) -> None:
    mistaken = client.post("/sample/", {"card_number": "62", "code": "12"})["Location"]
    button = dom(client.get(mistaken).content).one("button", lang="zh-CN")
    assert button.attrs["formaction"] == "/sample/?e=1"
    answer = client.post("/sample/?e=1", {"card_number": "6200000000000007", "code": "12", "_lang": "zh-hans"})
    assert answer["Location"] == "/sample/?e=1#errors"
    page = dom(client.get(answer["Location"]).content)
    assert len(page.by_id("errors").all("a")) == 1
    assert page.by_id("id_card_number").attrs["value"] == "6200000000000007"


def test_changing_language_does_not_keep_secrets(client: Client) -> None:
    client.post("/every/", {"pin": "918273", "otp": "048392", "name": "王小明", "_lang": "en"})
    assert client.session["drafts"]["/every/"]["typed"] == {"name": ["王小明"]}


@pytest.mark.parametrize("button", [{"_lang": "zh-hans"}, {"_big": "1"}])
def test_a_mistake_stays_beside_what_was_typed_then_and_leaves_a_new_answer(
    client: Client, button: dict[str, str]
) -> None:
    wrong = {"idno": "110105194912310021", "tail": "12", "phone": "13800138000"}
    left = {"idno": ["tail"], "tail": ["idno"], "phone": ["idno", "tail"]}
    for corrected, expected in left.items():
        assert client.post("/every/", wrong)["Location"] == "/every/?e=1#errors"
        right = {"idno": "11010519491231002X", "tail": "2604", "phone": "13800138001"}[corrected]
        answer = client.post("/every/?e=1", {**wrong, corrected: right, **button})
        page = dom(client.get(answer["Location"]).content)
        typed = [name for name in wrong if page.all(id=f"id_{name}_error")]
        assert typed == expected


def test_when_every_mistaken_answer_is_another_one_no_mistake_is_told(client: Client) -> None:
    client.post("/sample/", {"card_number": "6200000000000007", "code": "12"})
    answer = client.post("/sample/?e=1", {"card_number": "6200000000000007", "code": "123", "_lang": "zh-hans"})
    assert answer["Location"] == "/sample/"
    page = dom(client.get("/sample/").content)
    assert not page.all(id="errors")
    assert page.by_id("id_code").attrs["value"] == "123"


@pytest.mark.parametrize(("code", "said"), [("048392", True), ("7391 0264 8852", True), ("", False), ("12", False)])
def test_a_secret_that_is_not_shown_again_is_missed_aloud_once(client: Client, code: str, said: bool) -> None:
    for language, words in (("zh-hans", "请重新输入"), ("en", "Enter yours once more")):
        client.post("/sample/", {"card_number": "6200000000000007", "code": code, "_lang": language})
        assert (words in client.get("/sample/").content.decode()) == said
        assert words not in client.get("/sample/").content.decode()


def test_enter_sends_the_page_and_changes_no_language(client: Client) -> None:
    buttons = dom(client.get("/sample/").content).all("button")
    assert buttons[0].attrs["form"] == "step", "Enter presses the first submit button of the form, in tree order"
    assert "name" not in buttons[0].attrs
    assert buttons[0].attrs["aria-hidden"] == "true"


def test_large_print_is_switched_on_and_off(client: Client) -> None:
    assert "data-big" not in dom(client.get("/plain/").content).one("html").attrs
    client.get("/plain/?big=1")
    page = dom(client.get("/plain/").content)
    assert "data-big" in page.one("html").attrs
    assert page.one("nav").all("a")[-1].text == "Standard print"
    client.post("/sample/", {"_big": "0", "code": "73"})
    page = dom(client.get("/sample/").content)
    assert "data-big" not in page.one("html").attrs
    assert page.by_id("id_code").attrs["value"] == "73"


@pytest.mark.parametrize("query", ["lang=xx", "big=7", "lang=", "lang=%F0"])
def test_a_display_that_we_do_not_have_changes_nothing(client: Client, query: str) -> None:
    answer = client.get(f"/plain/?{query}")
    assert answer.status_code == 200
    assert not answer.cookies
