"""What can be chosen about alerts."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.mistakes import Mistake
from pages.catalogue import Refusal
from pages.fields import TypedField
from pages.forms import PageForm
from pages.money import SIGNS, decimals, plain
from statements.models import AlertSettings
from statements.models.alerts import Rule, Told

HOURS = [(hour, f"{hour}:00") for hour in range(24)]
REPEATS = [(n, str(n)) for n in (2, 3, 4, 5, 10)]
_AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,3})?")


class AmountField(TypedField):
    """F-AMOUNT: an amount above nothing in full units of the currency, like 1000 or 1,000.50."""

    empty = "E71"
    attrs = {"inputmode": "decimal", "autocomplete": "off", "spellcheck": "false", "dir": "ltr", "class": "num w8"}

    def read(self, text: str) -> str:
        amount = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
        if not _AMOUNT.fullmatch(amount) or not Decimal(amount):
            raise Mistake("E71")
        return amount


class PlacesField(forms.MultipleChoiceField):
    """Where one rule is told; ticking none switches it off."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, rule: Rule, help_text: Any) -> None:
        super().__init__(label=rule.label, help_text=help_text, choices=Told.choices, required=False)


class AlertSettingsForm(PageForm):
    button = _("Save")

    amount = PlacesField(Rule.AMOUNT, _("A payment of more than your limit"))
    limit = AmountField(label=_("My limit"))
    abroad = PlacesField(Rule.ABROAD, _("A payment in another country or region than that of the card"))
    night = PlacesField(Rule.NIGHT, _("A payment between these two hours"))
    night_from = forms.TypedChoiceField(label=_("Night begins at"), coerce=int, choices=HOURS)
    night_until = forms.TypedChoiceField(label=_("Night ends at"), coerce=int, choices=HOURS)
    repeats = PlacesField(Rule.REPEATS, _("Many payments within 10 minutes"))
    many = forms.TypedChoiceField(label=_("How many payments are many"), coerce=int, choices=REPEATS)
    first = PlacesField(Rule.FIRST, _("The first payment at a kind of merchant, after a month of use"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["limit"].label = _("My limit (%(currency)s)") % {"currency": SIGNS.get(currency, currency)}

    def clean(self) -> dict[str, Any]:
        """Refuse nothing, more decimals than the currency has, and a night of no hours that is to be told of."""
        cleaned = super().clean()
        limit = Decimal(cleaned["limit"]).scaleb(decimals(self.currency)) if "limit" in cleaned else None
        if limit is not None and limit != int(limit):
            self.add_error("limit", Refusal("E71"))
        elif limit is not None:
            cleaned["limit"] = int(limit)
        begins, ends = cleaned.get("night_from"), cleaned.get("night_until")
        if cleaned.get("night") and begins is not None and begins == ends:
            self.add_error("night_until", Refusal("E77"))
        return cleaned

    def told(self) -> Mapping[str, list[str]]:
        """Where each rule is told, as it was ticked."""
        return {rule: self.cleaned_data[rule] for rule in Rule.values}


def as_typed(settings: AlertSettings) -> dict[str, Any]:
    """What the form shows of settings that are kept."""
    whole, _point, part = plain(settings.limit, settings.currency).partition(".")
    return {
        "limit": f"{whole}.{part}" if part.strip("0") else whole,
        "night_from": settings.night_from,
        "night_until": settings.night_until,
        "many": settings.repeats,
        **{rule: settings.told_by(rule) for rule in Rule.values},
    }
