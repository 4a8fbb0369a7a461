"""The field kinds of the pages: attributes and shape checks, each mistake by its catalogue id.

A field's `clean` gives the one spelling the services work with. Whether a value is the right one is not asked here.
"""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.card_numbers import check_card_number
from cards.emails import normalise_email
from cards.folding import fold, is_ascii_digits
from cards.identity_documents import WITH_BIRTH_DATE, check_document_number
from cards.mistakes import Mistake
from cards.models import Programme
from cards.names import check_name
from cards.one_time_codes import check_digit_ok
from cards.phones import normalise_phone
from pages.catalogue import Refusal
from pages.pasted import code_in

LONGEST_KEPT = 300
"""Characters of an answer that are kept to be shown again."""

DIGITS = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}
CODE = {**DIGITS, "autocorrect": "off", "enterkeyhint": "next", "class": "code w20"}


class TypedField(forms.Field):
    """A line of text of one kind: `read` gives its one spelling or raises Mistake, `empty` is the id when missing.

    `secret` answers are never kept nor shown again; one that `waits` may be kept until its person has signed in.
    `has_host`: it may be an email address, with a host to mistype.
    `attrs` are the input's attributes (pages.md section 3).
    """

    empty: ClassVar[str] = ""
    secret: ClassVar[bool] = False
    waits: ClassVar[bool] = True
    has_host: ClassVar[bool] = False
    attrs: ClassVar[dict[str, Any]] = {}
    widget: Any = forms.TextInput

    def __init__(self, *, empty: str = "", **kwargs: Any) -> None:
        self.missing = empty or self.empty
        super().__init__(**kwargs)
        self.widget.attrs = {**self.attrs, **self.widget.attrs}

    def clean(self, value: Any) -> str:
        text = "".join(char if char >= " " else " " for char in str(value or "") if char != "\0")
        if not text.strip():
            if self.required:
                raise Refusal(self.missing, **self.missing_values())
            return ""
        try:
            return self.read(text)
        except Mistake as mistake:
            raise Refusal(mistake.message_id, **self.values_of(mistake)) from mistake

    def read(self, text: str) -> str:
        return text.strip()

    def keep(self, value: str) -> str | None:
        """Give what may be kept of a mistaken answer until the page is sent again; None for nothing."""
        return None if self.secret else value[:LONGEST_KEPT]

    def keep_mistyped(self, value: str) -> str | None:
        """Keep what can only be a mistake, so that it can be corrected; never what could be somebody's."""
        try:
            self.read(value)
        except Mistake:
            return value[:LONGEST_KEPT]
        return None

    def missing_values(self) -> dict[str, Any]:
        return {}

    def values_of(self, mistake: Mistake) -> dict[str, Any]:
        return mistake.params


class CodeField(TypedField):
    """F-CODE-N: an activation code of 12 digits with a Damm check digit, or 6 digits from a text message."""

    empty = "E01"
    waits = False
    attrs = CODE
    lengths = (12, 6)

    def read(self, text: str) -> str:
        code = code_in(text, self.lengths)
        strange = next((char for char in code if not is_ascii_digits(char)), None)
        if strange is not None:
            raise Mistake("E02", c=strange)
        if len(code) not in self.lengths:
            raise Mistake("E03", n=len(code))
        if len(code) == 12 and not check_digit_ok(code):
            raise Mistake("E04")
        return code

    def keep(self, value: str) -> str | None:
        # A well-formed code, kept beside the card number that was mistyped, would open that card to whoever next sits
        # at this browser and mends a digit: it is typed again.
        return self.keep_mistyped(value)


class CardNumberField(TypedField):
    """A card number, by the programme's rules where the programme is known. The hint says where one finds it."""

    empty = "E63"
    waits = False
    attrs = CODE
    rules: dict[str, Any] = {}

    def __init__(self) -> None:
        super().__init__(label=_("Card number"), help_text=_("The full number on the front of the card"))

    def follow(self, programme: Programme) -> None:
        if programme.kind == Programme.Kind.ESIM:
            self.help_text = _("The full number of the eSIM (ICCID), as its issuer told it to you")
        self.rules = {
            "length": programme.number_length,
            "prefixes": programme.number_prefixes,
            "luhn": programme.number_luhn,
        }

    def read(self, text: str) -> str:
        return check_card_number(text, **self.rules)


class OtpField(TypedField):
    """F-OTP: a 6-digit one-time code, pasted alone or with its whole message."""

    empty = "E30"
    secret = True
    attrs = {**CODE, "autocomplete": "one-time-code", "enterkeyhint": "done", "class": "code w8"}

    def read(self, text: str) -> str:
        code = code_in(text, (6,))
        if not is_ascii_digits(code):
            raise Mistake("E31")
        if len(code) != 6:
            raise Mistake("E32", n=len(code))
        return code


class PinField(TypedField):
    """F-PIN: a card PIN of the programme's length; `again=True` for the one that repeats it."""

    secret = True
    length = 6
    attrs = {**DIGITS, "class": "code w8", "data-1p-ignore": True, "data-lpignore": "true"}
    widget = forms.PasswordInput

    def __init__(self, *, again: bool = False, **kwargs: Any) -> None:
        self.again = again
        super().__init__(empty="E44" if again else "E40", **kwargs)

    def follow(self, programme: Programme) -> None:
        self.length = programme.pin_length

    def missing_values(self) -> dict[str, Any]:
        return {} if self.again else {"m": self.length}

    def read(self, text: str) -> str:
        pin = fold(text)
        if not self.again and not (is_ascii_digits(pin) and len(pin) == self.length):
            raise Mistake("E41", m=self.length)
        return pin


class NameField(TypedField):
    """F-NAME: a person's name in any script, as typed."""

    empty = "E10"
    attrs = {"autocomplete": "name", "spellcheck": "false", "autocapitalize": "off"}

    def read(self, text: str) -> str:
        return check_name(text)


class DocumentNumberField(TypedField):
    """F-RID and F-DOC: the number of the identity document that `document` names (a DocumentType)."""

    waits = False
    attrs = {**DIGITS, "inputmode": "tel", "class": "num w20"}

    def __init__(self, *, document: str = "resident_id", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.ask_for(document)

    def ask_for(self, document: str) -> None:
        """Ask for this document's number."""
        self.document = document
        eighteen = document in WITH_BIRTH_DATE
        self.missing = "E12" if eighteen else "E16"
        self.widget.attrs["inputmode"] = "tel" if eighteen else "text"
        if not eighteen:
            self.widget.attrs["autocapitalize"] = "characters"

    def read(self, text: str) -> str:
        return check_document_number(self.document, text)

    def keep(self, value: str) -> str | None:
        return self.keep_mistyped(value)

    def missing_values(self) -> dict[str, Any]:
        return {} if self.missing == "E12" else {"doc": self.document}

    def values_of(self, mistake: Mistake) -> dict[str, Any]:
        # The document by its key: the page's language is not known yet.
        return {**mistake.params, **({"doc": self.document} if "doc" in mistake.params else {})}


class PhoneField(TypedField):
    """F-PHONE: a mobile number; its one spelling is E.164."""

    empty = "E20"
    attrs = {"inputmode": "tel", "autocomplete": "tel", "spellcheck": "false", "dir": "ltr", "class": "w20"}
    widget: Any = forms.TelInput
    region = "CN"

    def follow(self, programme: Programme) -> None:
        self.region = programme.region

    def read(self, text: str) -> str:
        return normalise_phone(text, self.region)


class EmailField(TypedField):
    """F-EMAIL: an email address in its one spelling."""

    empty = "E24"
    has_host = True
    attrs = {"autocomplete": "email", "spellcheck": "false", "autocapitalize": "off", "dir": "ltr"}
    widget = forms.EmailInput

    def read(self, text: str) -> str:
        return normalise_email(text)


class ContactField(PhoneField):
    """F-IDENT: a mobile number or an email address, each in its one spelling."""

    empty = "E65"
    has_host = True
    attrs = {
        "inputmode": "email",
        "autocomplete": "username",
        "autocapitalize": "off",
        "spellcheck": "false",
        "dir": "ltr",
    }
    widget = forms.TextInput

    def read(self, text: str) -> str:
        return normalise_email(text) if "@" in fold(text) else super().read(text)


SHORTEST_CARD_NUMBER = 8  # what is shorter was meant to be four digits, and one of them was mistyped


class TailField(TypedField):
    """F-TAIL: the last 4 digits of a card number, alone, with words around them, or at the end of the whole number."""

    empty = "E60"
    attrs = {**DIGITS, "class": "code w8"}

    def read(self, text: str) -> str:
        digits = "".join(filter(is_ascii_digits, fold(text)))
        if len(digits) != 4 and len(digits) < SHORTEST_CARD_NUMBER:
            raise Mistake("E62", n=len(digits))
        return digits[-4:]


class RadioField(forms.ChoiceField):
    """F-RADIO: one of a few; `empty` is the id of "Select ..."."""

    widget = forms.RadioSelect

    def __init__(self, *, empty: str, **kwargs: Any) -> None:
        self.missing = empty
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        if (self.required or value) and not self.valid_value(value):
            raise Refusal(self.missing)


class ConsentField(forms.BooleanField):
    """F-CHECK: a box to tick, never ticked beforehand."""

    def __init__(self, *, empty: str = "E50", **kwargs: Any) -> None:
        self.missing = empty
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise Refusal(self.missing)
