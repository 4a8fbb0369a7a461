"""The whole story over HTTP, with a mistake on every page, as people play it."""

import re
import time
from collections.abc import Callable

from accounts.models import User
from activation.tests.factories import issue
from cards.models import Card
from tests.protections.people import BY_EMAIL, BY_LETTER, BY_SMS, TYPED, Person
from tests.services.sms import SmsGateway
from tests.services.smtp import SmtpServer
from tests.services.visitor import Answer, Visitor

DOOR = "/activate/enter-code/"
SECONDS = 90
PAGES_OF_STAFF = 40


def until(true: Callable[[], bool], *, seconds: float = SECONDS) -> None:
    """Wait for the worker; raises AssertionError after a minute and a half, or these seconds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it has not come true"
        time.sleep(0.1)


class WholeStory:
    """Plays with visitors of its own; `codes` are the secrets that turned up, `answers` everything the portal said."""

    def __init__(self, port: int, phones: SmsGateway, mailbox: SmtpServer) -> None:
        self.port, self.phones, self.mailbox = port, phones, mailbox
        self.visitors: list[Visitor] = []
        self.codes: dict[str, str] = {}

    @property
    def answers(self) -> list[Answer]:
        return [answer for visitor in self.visitors for answer in visitor.seen]

    def visitor(self, path: str) -> Visitor:
        visitor = Visitor(self.port, address=f"10.{len(self.visitors)}.0.1")
        self.visitors.append(visitor)
        visitor.open(path)
        return visitor

    def activate(self) -> None:
        """Three people come to an active card, each by another way."""
        self.activate_with_a_code_from_an_email()
        self.activate_with_a_code_from_a_text_message()
        self.activate_with_a_code_from_a_letter()

    def activate_with_a_code_from_an_email(self) -> None:
        person = BY_EMAIL
        code = self.kept("code by email", lambda: self.code_in_mail(r"\d{4} \d{4} \d{4}"))
        visitor = self.visitor("/")
        visitor.open(DOOR)
        visitor.fill()
        visitor.fill(card_number=person.card_number, code=TYPED["code that was mistyped"])
        visitor.fill(card_number=person.card_number, code=TYPED["code of six digits that was wrong"])
        visitor.fill(card_number=person.card_number, code=code.replace(" ", ""), _lang="en")
        visitor.fill(card_number=person.card_number, code=code)
        assert visitor.current.path.endswith("/confirm-identity/"), visitor.current.text
        self.go_on(visitor, person)

    def activate_with_a_code_from_a_text_message(self) -> None:
        person = BY_SMS
        visitor = self.visitor("/code/new/")
        visitor.fill(card_number=person.card_number)
        visitor.fill(card_number=person.card_number, contact=person.phone)
        code = self.kept("code by text message", lambda: self.code_on_phone("activation_code"))
        visitor.open(DOOR)
        visitor.fill(card_number=person.card_number, code=code)
        self.go_on(visitor, person)

    def activate_with_a_code_from_a_letter(self) -> None:
        person = BY_LETTER
        card = Card.objects.get(number_tail=person.card_number[-4:])
        code = self.codes["code by letter"] = issue(card, "letter").derive()
        visitor = self.visitor(DOOR)
        visitor.fill(card_number=person.card_number, code=code)
        self.go_on(visitor, person)

    def go_on(self, visitor: Visitor, person: Person) -> None:
        """From the second step to the active card, with everything typed wrongly once."""
        visitor.fill(name="", idno=person.idno)
        visitor.fill(name="", _lang="en")
        visitor.fill(name=TYPED["name that was wrong"], idno=person.idno[:-1])
        visitor.fill(name=person.name, idno=person.idno)
        if visitor.current.path.endswith("/confirm-contact/"):
            self.confirm_contact(visitor, person)
        assert visitor.current.path.endswith("/choose-pin/"), visitor.current.text
        pin, once, easy = TYPED["PIN"], TYPED["PIN that was typed once"], TYPED["PIN that is too easy"]
        for typed in (
            {"pin": pin, "pin2": once},
            {"pin": easy, "pin2": easy},
            {"pin": pin, "_lang": "en"},
            {"pin": pin},
        ):
            visitor.fill(**typed)
        visitor.fill(pin=pin, pin2=pin)
        assert visitor.current.path.endswith("/submit/"), visitor.current.text
        visitor.open(visitor.current.path.replace("submit", "confirm-identity"))
        visitor.fill(name=person.name)
        visitor.fill()
        visitor.fill(agree="on")
        assert visitor.current.path.endswith(("/wait/", "/done/")), visitor.current.text  # a quick worker was first
        wait = re.sub("[a-z]+/$", "wait/", visitor.current.path)
        until(lambda: "Your card is active" in visitor.open(wait).text)
        visitor.open(wait + "status/")
        visitor.open(wait.replace("/wait/", "/done/"))
        visitor.open(wait.replace("/wait/", "/problem/"))

    def confirm_contact(self, visitor: Visitor, person: Person) -> None:
        visitor.fill(phone=TYPED["phone of somebody else"], via="sms")
        visitor.fill(phone=person.phone, email="quill@", via="email")
        visitor.fill(phone=person.phone, email="", via="sms")
        code = self.kept("security code", lambda: self.code_on_phone("contact_code"))
        visitor.fill(otp=TYPED["code of six digits that was wrong"])
        visitor.press("resend")
        visitor.fill(otp=code)

    def sign_in(self) -> Visitor:
        visitor = self.visitor("/cards/")
        visitor.fill(ident="quill@")
        visitor.fill(ident=TYPED["email of somebody else"])
        visitor.open("/account/sign-in/")
        visitor.fill(ident=BY_EMAIL.email)
        code = self.kept("sign-in code", lambda: self.code_in_mail(r"(?<!\d)\d{6}(?!\d)"))
        visitor.fill(otp=TYPED["code of six digits that was wrong"])
        visitor.fill(otp=code)
        assert "Active" in visitor.open("/cards/").text
        return visitor

    def sign_out(self, visitor: Visitor) -> None:
        visitor.send({"csrfmiddlewaretoken": visitor.cookies["csrftoken"]}, "/account/sign-out/")

    def look_as_staff(self) -> None:
        """Open what a superuser finds in the admin by following links."""
        password = TYPED["password of staff"]
        User.objects.create_superuser("quill", password)
        visitor = self.visitor("/admin/login/")
        answers = {"username": "quill", "password": password, "csrfmiddlewaretoken": visitor.cookies["csrftoken"]}
        assert visitor.send(answers, "/admin/login/").status == 302
        found, opened = ["/admin/"], set[str]()
        while found and len(opened) < PAGES_OF_STAFF:
            path = found.pop(0)
            if path not in opened:
                opened.add(path)
                found += re.findall(r'href="(/admin/[^"?#]*)', visitor.open(path).body)

    def kept(self, name: str, find: Callable[[], str]) -> str:
        """Wait for a code, and remember it as a secret."""
        until(lambda: bool(find()))
        self.codes[name] = find().replace(" ", "")
        return find()

    def code_on_phone(self, template: str) -> str:
        sent = [body["params"]["code"] for body in self.phones.sent() if body["template"] == template]
        return str(sent[-1]) if sent else ""

    def code_in_mail(self, pattern: str) -> str:
        found = [re.search(pattern, mail.get_content()) for mail in self.mailbox.all()]
        return next((match[0] for match in reversed(found) if match), "")
