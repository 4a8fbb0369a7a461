"""The programme that the argument `--programme` of a command names."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from cards.models import Programme


def programme_named(code: str, *, returncode: int = 1) -> Programme:
    """Give the programme of this code. Raises CommandError, which ends the command with `returncode`."""
    try:
        return Programme.objects.by_code(code)
    except Programme.DoesNotExist:
        codes = ", ".join(Programme.objects.order_by("code").values_list("code", flat=True))
        words = (
            _("There is no programme “%(code)s”. There are: %(codes)s.")
            if codes
            else _("There is no programme yet. Add “%(code)s” in the administration first, under Programmes.")
        )
        raise CommandError(words % {"code": code, "codes": codes}, returncode=returncode) from None
