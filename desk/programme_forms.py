"""The form of a programme."""

import re
from email.utils import parseaddr
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.validators import DomainNameValidator, validate_email
from django.http.request import validate_host
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumbers import SUPPORTED_REGIONS

from cards.identity_documents import DocumentType
from cards.models import Programme
from cards.programme_changes import CardsStandAgainst, refuse_what_cards_do_not_satisfy
from desk.list_field import ListField
from desk.required_fields import NamesRequired
from desk.row_fields import CodePolicyField, FunctionsField
from pages.programmes import RESERVED

DIALLED = re.compile(r"[+(]?\d[\d ()\-\u2010-\u2013]+\d")
HOST_NAME = DomainNameValidator(
    accept_idna=False, message=_("Write the name alone, like card.example.org: no https://, port or path.")
)
LONGEST_NUMBER = 64
OLDEST = 100
"""Years; nobody who is asked for more could activate a card."""


class ProgrammeForm(NamesRequired, forms.ModelForm):  # type: ignore[type-arg]
    """A programme. What its columns may hold, their own validators say."""

    identity_fields = forms.MultipleChoiceField(
        label=_("Asked of the cardholder"),
        choices=[("name", _("Name")), ("id_number", _("Document number"))],
        widget=forms.CheckboxSelectMultiple,
    )
    id_types = forms.MultipleChoiceField(
        label=_("Identity documents taken"),
        choices=[(kind, capfirst(label)) for kind, label in DocumentType.choices],
        widget=forms.CheckboxSelectMultiple,
    )
    number_prefixes = ListField(
        label=_("Prefixes of card numbers"),
        required=False,
        help_text=_("Digits with commas between them, like 6228, 955880. Empty takes every number."),
    )
    code_policy = CodePolicyField(
        label=_("Code policy"), required=False, help_text=_("Fill in only what differs from what is usual.")
    )
    code_fallback = ListField(
        label=_("Other ways of a code"),
        required=False,
        help_text=_(
            "Where a code did not arrive, the same code goes by the first of these ways that the cardholder has and "
            "that it has not gone yet: email, voice, sms. Empty: by no other way. It keeps its digits and its life."
        ),
    )
    functions = FunctionsField(
        label=_("Functions"),
        required=False,
        help_text=_("What activation opens, one function a row. Empty a row to take it away; saved, there are more."),
    )

    class Meta:
        model = Programme
        exclude: ClassVar[tuple[str, ...]] = ()
        widgets: ClassVar[dict[str, Any]] = {
            "brand_colour": forms.TextInput({"type": "color"}),
            "logo_svg": forms.Textarea({"rows": 8, "cols": 80, "spellcheck": "false"}),
        }
        error_messages: ClassVar[dict[str, Any]] = {
            "code": {"invalid": _("Use the letters a to z, digits, dashes and underscores only.")}
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "fixed_text_sms": _(
                "For mainland carriers that only take texts they have approved. These are in Chinese, whatever the "
                "cardholder's language."
            ),
            "code": _("Letters, digits and dashes; a part of the portal's addresses. It cannot be changed later."),
            "sms_sender": _("What gateways put in front of the text, or send it from. Empty: what the gateway has."),
            "email_sender": _("Like card@example.org or Campus card &lt;card@example.org&gt;. Empty: EMAIL_FROM."),
            "host_name": _("Only if the programme has a name of its own in the DNS, like card.example.org."),
            "brand_colour": _("Text on it and links are darkened or lightened by themselves until they can be read."),
            "logo_svg": _("The text of an SVG picture of at most 4 KB, with shapes only."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"opens_on", "closes_on"} & set(self.fields):
            zone = {"zone": settings.TIME_ZONE}
            self.fields[name].help_text = gettext("By the clock of %(zone)s, wherever you are.") % zone

    def clean_code(self) -> str:
        """Refuse a code that would hide pages of the portal."""
        code: str = self.cleaned_data["code"].lower()
        if code in RESERVED:
            raise forms.ValidationError(_("This word begins addresses of the portal itself. Choose another code."))
        return code

    def clean_host_name(self) -> str | None:
        """Refuse what is no name, and one that the portal does not answer to: messages send cardholders there."""
        name: str = (self.cleaned_data["host_name"] or "").strip().lower().rstrip(".")
        if not name:
            return None
        HOST_NAME(name)
        if not validate_host(name, settings.ALLOWED_HOSTS):
            raise forms.ValidationError(
                _("The portal does not answer to this name yet. Add it to DJANGO_ALLOWED_HOSTS first.")
            )
        return name

    def clean_region(self) -> str:
        """Refuse what is no region: no telephone number could be read there."""
        region: str = self.cleaned_data["region"]
        if region not in SUPPORTED_REGIONS:
            raise forms.ValidationError(_("Use the two letters of a country or region, like CN or HK."))
        return region

    def clean_hotline(self) -> str:
        """Refuse what no telephone dials."""
        hotline: str = self.cleaned_data["hotline"]
        if hotline and not DIALLED.fullmatch(hotline):
            raise forms.ValidationError(_("Write a telephone number: digits, +, brackets, dashes and spaces."))
        return hotline

    def clean_email_sender(self) -> str:
        """Refuse what no mail can come from."""
        sender: str = self.cleaned_data["email_sender"].strip()
        if sender:
            validate_email(parseaddr(sender)[1])
        return sender

    def clean_minimum_age(self) -> int:
        """Refuse an age that nobody has."""
        age: int = self.cleaned_data["minimum_age"]
        if age > OLDEST:
            raise forms.ValidationError(_("The minimum age is at most %(years)d years.") % {"years": OLDEST})
        return age

    def clean(self) -> dict[str, Any]:
        """Refuse to close before opening, and prefixes as long as the number."""
        given = super().clean() or {}
        opens, closes = given.get("opens_on"), given.get("closes_on")
        if opens and closes and closes <= opens:
            self.add_error("closes_on", _("The programme must close after it opens."))
        if any(len(one) >= given.get("number_length", LONGEST_NUMBER) for one in given.get("number_prefixes", [])):
            self.add_error("number_prefixes", _("A prefix must be shorter than the card number."))
        self.compare_with_others(given)
        return given

    def compare_with_others(self, given: dict[str, Any]) -> None:
        """Refuse rules that the programme's own cards break, and a name that another programme has."""
        try:
            refuse_what_cards_do_not_satisfy(programme=self.instance, given=given)
        except CardsStandAgainst as refusal:
            self.add_error(refusal.field, str(refusal))
        for other in Programme.objects.exclude(pk=self.instance.pk):
            if (other.names, other.issuer_names) == (given.get("names"), given.get("issuer_names")):
                words = _("“%(code)s” has the same names. Cardholders and staff could not tell them apart.")
                self.add_error("names", words % {"code": other.code})
