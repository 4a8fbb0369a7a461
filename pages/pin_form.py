"""The form in which a card PIN is chosen, in the journey and when it is reset."""

from typing import Any, cast

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pages.catalogue import Refusal
from pages.fields import PinField
from pages.forms import PageForm


class PinForm(PageForm):
    """A PIN and its repetition. Both must be typed again after any mistake."""

    can_show = True
    """The page offers a button that shows what is typed."""

    pin = PinField(help_text=_("Do not use your birthday or another date, part of your phone number or a sequence"))
    pin2 = PinField(label=pgettext_lazy("label", "Enter the PIN again"), again=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pin = cast(PinField, self.fields["pin"])
        pin.label = gettext("Choose a %(m)d-digit PIN") % {"m": pin.length}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"pin", "pin2"} <= cleaned.keys() and cleaned["pin"] != cleaned["pin2"]:
            self.add_error("pin2", Refusal("E43"))
        return cleaned
