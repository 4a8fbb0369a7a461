"""The forms by which staff say where messages go and what gateways want to be told."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cards.models import Programme
from messaging.gateways.chosen import gateway_names
from messaging.kinds import all_kinds, label_of
from messaging.models.destinations import check_names


def texts_and_calls() -> list[str]:
    """The names of the gateways for text messages and calls."""
    return [*gateway_names("sms"), *gateway_names("voice")]


def check_known(name: str, names: list[str]) -> str:
    """Refuse the name of no gateway, and say which names there are."""
    if name in names:
        return name
    words = gettext("No gateway is called “%(name)s”. By SMS_URL, VOICE_URL and EMAIL_URL there are: %(names)s.")
    raise forms.ValidationError(words % {"name": name, "names": ", ".join(names)})


class DestinationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A destination."""

    def clean_gateways(self) -> list[str]:
        """Refuse names of no gateway; an emptied list is an empty one."""
        names: list[str] = self.cleaned_data["gateways"] or []
        check_names(names)
        return [check_known(name, texts_and_calls()) for name in names]


class GatewayForm(forms.ModelForm):  # type: ignore[type-arg]
    """Something about one gateway."""

    def clean_gateway(self) -> str:
        """Refuse the name of no gateway."""
        return check_known(self.cleaned_data["gateway"], self.names())

    def names(self) -> list[str]:
        """Which names there are."""
        return texts_and_calls()


class RateForm(GatewayForm):
    """How fast a gateway may be used; that for email, too."""

    def names(self) -> list[str]:
        return [*texts_and_calls(), *gateway_names("email")]


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

    def clean_params(self) -> list[str]:
        """An emptied list is an empty one."""
        return self.cleaned_data["params"] or []
