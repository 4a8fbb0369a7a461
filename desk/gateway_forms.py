"""The forms by which staff say where messages go and what gateways want to be told."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cards.models import Programme
from desk.list_field import ListField
from desk.required_fields import NamesRequired
from messaging.gateways.chosen import gateway_names
from messaging.kinds import all_kinds, label_of


def texts_and_calls() -> list[str]:
    """The names of the gateways for text messages and calls."""
    return list(dict.fromkeys([*gateway_names("sms"), *gateway_names("voice")]))


def check_known(name: str, names: list[str]) -> str:
    """Refuse the name of no gateway, and say which names there are."""
    if name in names:
        return name
    words = gettext("No gateway is called “%(name)s”. By SMS_URL, VOICE_URL and EMAIL_URL there are: %(names)s.")
    raise forms.ValidationError(words % {"name": name, "names": ", ".join(names)})


def _explain(form: forms.ModelForm, field: str, words: str, names: list[str]) -> None:  # type: ignore[type-arg]
    """Say under a field which names there are, unless it is only read."""
    if field in form.fields:
        form.fields[field].help_text = words % {"names": ", ".join(names)}


class DestinationForm(NamesRequired, forms.ModelForm):  # type: ignore[type-arg]
    """A destination."""

    gateways = ListField(label=_("Gateways"), required=False)

    class Meta:
        help_texts: ClassVar[dict[str, Any]] = {"prefix": _("+ and the digits of the country, like +86.")}
        error_messages: ClassVar[dict[str, Any]] = {
            "prefix": {"invalid": _("Write + and the digits of the country, like +86.")}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = gettext("The first choice first, with commas between them: %(names)s. Empty: all of these.")
        _explain(self, "gateways", words, texts_and_calls())

    def clean_gateways(self) -> list[str]:
        """Refuse names of no gateway."""
        return [check_known(name, texts_and_calls()) for name in self.cleaned_data["gateways"]]

    def clean_tripped_at(self) -> Any:
        """Refuse another moment: only the portal stops sending by it."""
        stopped_at = self.cleaned_data["tripped_at"]
        if stopped_at and "tripped_at" in self.changed_data:
            raise forms.ValidationError(_("You can only empty it. To stop sending there, untick “allowed”."))
        return self.instance.tripped_at if stopped_at else None

    def clean(self) -> dict[str, Any]:
        """Refuse more in an hour than in a day."""
        given = super().clean() or {}
        hour, day = given.get("hourly_budget"), given.get("daily_budget")
        if hour is not None and day is not None and hour > day:
            self.add_error("hourly_budget", _("An hour cannot have more than the whole day."))
        return given


class GatewayForm(NamesRequired, forms.ModelForm):  # type: ignore[type-arg]
    """Something about one gateway."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _explain(self, "gateway", gettext("One of: %(names)s."), self.names())

    def clean_gateway(self) -> str:
        """Refuse the name of no gateway."""
        return check_known(self.cleaned_data["gateway"], self.names())

    def names(self) -> list[str]:
        """Which names there are."""
        return texts_and_calls()


class RateForm(GatewayForm):
    """How fast a gateway may be used; that for email, too."""

    def names(self) -> list[str]:
        return list(dict.fromkeys([*texts_and_calls(), *gateway_names("email")]))


def programmes() -> list[tuple[str, str]]:
    """Every programme, and none for all that are not named."""
    codes = Programme.objects.order_by("code").values_list("code", flat=True)
    return [("", gettext("All others")), *((code, code) for code in codes)]


def kinds_by_text() -> list[tuple[str, Any]]:
    """The kinds of messages that go as text messages."""
    return [(kind.name, label_of(kind.name)) for kind in all_kinds() if "sms" in kind.channels]


class SenderForm(GatewayForm):
    """A programme's sender at a gateway."""

    programme_code = forms.ChoiceField(label=_("Programme code"), choices=programmes, required=False)


class TemplateForm(SenderForm):
    """The id of an approved text."""

    kind = forms.ChoiceField(label=_("Kind"), choices=kinds_by_text)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    params = ListField(
        label=_("Variables"),
        required=False,
        help_text=_(
            "Their names in the order of the approved text, with commas between them, like code, minutes. "
            "Empty: those of the portal's own text, in its order."
        ),
    )
