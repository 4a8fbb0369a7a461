"""What every page with a form does (pages.md G1 to G9, T1, T3 to T5)."""

import pytest
from django.test import Client
from pytest_django.asserts import assertHTMLEqual

from pages.tests.dom import Element, dom

pytestmark = [pytest.mark.django_db, pytest.mark.urls("pages.tests.sample")]

CANONICAL = """
<main id="main" tabindex="-1" class="wrap">
 <div class="summary" id="errors" role="alert" tabindex="-1" aria-labelledby="errors-h" autofocus>
  <h2 id="errors-h">There is 1 problem</h2>
  <ul><li><a href="#id_code">Activation code must be 12 digits (6 from a text message), you entered 7</a></li>
  </ul></div>
 <p class="step">Step 1 of 5</p>
 <h1>Enter the activation code</h1>
 <form id="step" method="post" action="/sample/" novalidate>
  <input type="hidden" name="csrfmiddlewaretoken" value="TOKEN">
  <div class="fg"><label for="id_card_number">Card number</label>
   <div class="hint" id="id_card_number_helptext">The full number on the front of the card</div>
   <input type="text" name="card_number" value="6200000000000007" id="id_card_number" inputmode="numeric"
     autocomplete="off" autocorrect="off" spellcheck="false" enterkeyhint="next" dir="ltr" class="code w20"
     aria-describedby="id_card_number_helptext"></div>
  <div class="fg bad"><label for="id_code">Activation code</label>
   <div class="hint" id="id_code_helptext">12 digits, like <bdi class="nb" dir="ltr">7391 0264 8853</bdi></div>
   <p class="err" id="id_code_error"><span class="vh">Error: </span>Activation code must be 12 digits
     (6 from a text message), you entered 7</p>
   <input type="text" name="code" value="７391—026" id="id_code" inputmode="numeric" autocomplete="off"
     autocorrect="off" spellcheck="false" enterkeyhint="next" dir="ltr" class="code w20" aria-invalid="true"
     aria-describedby="id_code_helptext id_code_error"></div>
  <button class="btn" type="submit">Continue</button></form>
</main>
"""


def shown(client: Client, address: str, typed: dict[str, str]) -> Element:
    """The page after a POST of what was typed."""
    answer = client.post(address, typed)
    assert answer.status_code == 303
    return dom(client.get(answer["Location"]).content)


def test_a_mistaken_form_is_the_canonical_html(client: Client) -> None:
    answer = client.post("/sample/", {"card_number": "6200000000000007", "code": "７391—026"})
    assert (answer.status_code, answer["Location"], answer.content) == (303, "/sample/?e=1#errors", b"")
    html = client.get(answer["Location"]).content.decode()
    token = dom(html).one("input", name="csrfmiddlewaretoken").attrs["value"]
    main = "<main" + html.partition("<main")[2].partition("</main>")[0] + "</main>"
    assertHTMLEqual(main.replace(str(token), "TOKEN"), CANONICAL)


def test_a_mistaken_form_says_error_first_in_the_title(client: Client) -> None:
    clean = dom(client.get("/sample/").content)
    assert clean.one("title").text == "Enter the activation code (step 1 of 5) - Card activation"
    mistaken = shown(client, "/sample/", {})
    assert mistaken.one("title").text == "Error: Enter the activation code (step 1 of 5) - Card activation"


def test_the_order_of_a_page_is_skip_link_header_main_footer(client: Client) -> None:
    page = dom(client.get("/sample/").content)
    body = [child for child in page.one("body").children if isinstance(child, Element)]
    assert [child.tag for child in body] == ["a", "header", "main", "footer"]
    assert body[0].attrs["href"] == "#main"
    assert body[1].all("a")[-1].attrs["href"] == "/help/", "the back link is the last thing in the header"
    assert len(page.all("h1")) == 1


def test_each_link_of_the_summary_names_its_field_and_its_mistake(client: Client) -> None:
    page = shown(client, "/every/", {})
    links = page.by_id("errors").all("a")
    assert len(links) == 11
    for link in links:
        target = page.by_id(str(link.attrs["href"])[1:])
        assert target.tag == "input"
        name = str(target.attrs["id"]).removesuffix("_0")
        assert page.by_id(f"{name}_error").text.removeprefix("Error: ") == link.text
    assert page.by_id("errors-h").text == "There are 11 problems"


def test_described_by_names_only_what_exists_and_the_error_when_there_is_one(client: Client) -> None:
    for page in (dom(client.get("/every/").content), shown(client, "/every/", {})):
        for element in page.all():
            for name in (element.attrs.get("aria-describedby") or "").split():
                page.by_id(name)
    assert page.by_id("id_phone").attrs["aria-describedby"] == "id_phone_error"
    fieldset = page.one("fieldset")
    assert fieldset.attrs["aria-describedby"] == "id_via_helptext id_via_error"
    for radio in fieldset.all("input"):
        assert "aria-invalid" not in radio.attrs


def test_no_form_uses_the_browsers_own_checks(client: Client) -> None:
    page = dom(client.get("/every/").content)
    assert "novalidate" in page.by_id("step").attrs
    for element in page.all("input"):
        assert not {"required", "maxlength", "minlength", "pattern", "placeholder", "autofocus"} & element.attrs.keys()
        assert element.attrs["type"] != "number"


def test_a_good_form_goes_on_and_forgets_what_was_typed(client: Client) -> None:
    shown(client, "/sample/", {"card_number": "6200000000000007", "code": "12"})
    answer = client.post("/sample/", {"card_number": "6200000000000007", "code": "123456"})
    assert (answer.status_code, answer["Location"]) == (303, "/help/")
    assert "value" not in dom(client.get("/sample/").content).by_id("id_card_number").attrs


def test_a_refusal_of_the_service_reads_like_any_mistake(client: Client) -> None:
    page = shown(client, "/sample/", {"card_number": "6200000000000009", "code": "123456"})
    words = "Card number or activation code does not match our records. You have 2 tries left"
    assert page.by_id("errors").one("a").text == words
    assert page.by_id("id_code_error").text == f"Error: {words}"


def test_a_notice_is_shown_once(client: Client) -> None:
    page = shown(client, "/sample/", {"resend": "1"})
    assert page.one(role="status").text.startswith("If the details match our records")
    assert not dom(client.get("/sample/").content).all(role="status")


def test_the_parameters_that_belong_to_a_page_survive_a_mistake(client: Client) -> None:
    page = dom(client.get("/sample/?doc=passport&other=1").content)
    assert page.by_id("step").attrs["action"] == "/sample/?doc=passport"
    answer = client.post("/sample/?doc=passport", {})
    assert answer["Location"] == "/sample/?doc=passport&e=1#errors"


def test_who_has_to_wait_finds_again_what_was_typed(client: Client) -> None:
    answer = client.post("/sample/", {"card_number": "6200000000000005", "code": "123456"})
    assert answer.status_code == 429
    assert dom(client.get("/sample/").content).by_id("id_card_number").attrs["value"] == "6200000000000005"


def test_a_server_error_loses_nothing_that_was_typed(client: Client) -> None:
    client.raise_request_exception = False
    shown(client, "/sample/", {"card_number": "6200000000000008", "code": "12"})
    answer = client.post("/sample/", {"card_number": "6200000000000008", "code": "123456"})
    assert answer.status_code == 500
    assert dom(client.get("/sample/").content).by_id("id_card_number").attrs["value"] == "6200000000000008"
