"""The form that names the card which takes another one's place: that card is shown before it is named."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cards.masks import mask_card, mask_name
from cards.models import Card
from cards.moves import TERMINAL
from desk.forms import ReasonForm


class ReplacementForm(ReasonForm):
    """A number, and once it has led to a card: which one that is, and that staff are sure of it.

    The box to tick holds the card that was shown, so that a tick counts for no other one. `find` gives the card of a
    number for this one, or raises ValidationError.
    """

    number = forms.CharField(label=gettext_lazy("Number of the new card"), max_length=64)
    field_order = ("number", "reason", "comment", "sure")

    def __init__(self, posted: Any, *, old: Card, find: Callable[[str], Card], **kwargs: Any) -> None:
        self.new: Card | None = None
        self.find = find
        try:
            self.new = find(posted.get("number", "") if posted else "")
        except forms.ValidationError:  # said by the field
            super().__init__(posted, ways=None, **kwargs)
            return
        label = _("I have made sure that this is the right card: %(card)s, %(holder)s, %(state)s.") % {
            "card": mask_card(self.new.number_tail),
            "holder": mask_name(self.new.holder_name),
            "state": self.new.get_state_display(),
        }
        super().__init__(posted, ways=None, sure=label, **kwargs)
        if self.data.get("sure") != str(self.new.pk):
            self.data = unticked = posted.copy()
            unticked.pop("sure", None)
        sure = self.fields["sure"]
        sure.widget.attrs["value"] = str(self.new.pk)
        sure.help_text = what_follows(old, self.new)
        sure.error_messages["required"] = _("Look at the card that has this number, and tick the box if it is right.")

    def clean_number(self) -> str:
        """Say why a number leads to no card that could take this one's place."""
        number: str = self.cleaned_data["number"]
        self.find(number)
        return number


def what_follows(old: Card, new: Card) -> str:
    """What naming the new card does to the old one."""
    if old.state in TERMINAL:
        return _("This card is closed already. It is only written down which one takes its place.")
    if new.activated_at:
        return _("The new card is in use already: this card is closed for good at once. This cannot be undone.")
    return _("This card is closed for good when the new one is activated. Until then you can take this back.")
