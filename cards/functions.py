"""The functions of a card that activation unlocks, as the programme names them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cards.translated import in_language, is_translated

EIGHT = time(8)


class Opens(models.TextChoices):
    """When a function of an activated card can be used."""

    AT_ONCE = "at_once", gettext_lazy("works now")
    NEXT_DAY = "next_day", gettext_lazy("works from 8:00 tomorrow")
    AT_TERMINAL = "at_terminal", gettext_lazy("use the card at a counter or terminal once first")
    NOT_INCLUDED = "not_included", gettext_lazy("not included")


@dataclass(frozen=True)
class CardFunction:
    """One function: its `name`, when it `opens`, and a `note` on how, in the current language."""

    name: str
    opens: str
    note: str


def read_functions(
    stored: Iterable[Mapping[str, Any]], activated_at: datetime | None, zone: tzinfo, *, kept: bool = False
) -> list[CardFunction]:
    """Read the functions of a programme or a verdict in the current language, as they are now in this zone.

    `kept` is for a record that is read on other days, too: it names the day instead of "tomorrow".
    """
    return [
        CardFunction(
            in_language(item["names"]),
            _when(Opens(item["opens"]), activated_at, zone, kept=kept),
            in_language(item.get("note") or {}),
        )
        for item in stored
    ]


def _when(opens: Opens, activated_at: datetime | None, zone: tzinfo, *, kept: bool) -> str:
    """Tell when a function opens. "Tomorrow" is true on the day of the activation only."""
    if opens == Opens.NEXT_DAY and activated_at:
        now = timezone.localtime(timezone=zone)
        day = timezone.localdate(activated_at, zone) + timedelta(days=1)
        if now >= datetime.combine(day, EIGHT, zone):
            opens = Opens.AT_ONCE
        elif kept:
            return _("works from 8:00 on %(day)s") % {"day": date_format(day, _("j F Y"))}
        elif now.date() == day:
            return _("works from 8:00 today")
    return str(opens.label)


def check_functions(stored: object) -> None:
    """Refuse functions of another shape, saying which item (counted from 1) and what it needs."""
    if not isinstance(stored, list):
        raise ValidationError(_("Functions must be a list, like [{…}, {…}]."))
    for number, item in enumerate(stored, start=1):
        if not isinstance(item, dict) or not is_translated(item.get("names")) or not any(item["names"].values()):
            raise ValidationError(_("Function %(n)d needs its name, by language.") % {"n": number})
        if item.get("opens") not in Opens.values:
            choices = {"n": number, "all": ", ".join(Opens.values)}
            raise ValidationError(_("Function %(n)d needs when it opens, one of: %(all)s.") % choices)
        if not is_translated(item.get("note", {})):
            raise ValidationError(_("The note of function %(n)d must be texts by language.") % {"n": number})
