"""Moments as people read them: absolute, on a 24-hour clock, in the zone of the programme."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext


def clock(moment: datetime, *, until: bool = False, seconds: bool = False) -> str:
    """Tell a moment in the current time zone: "20:45" today, "29 Nov, 20:45" on another day of this year.

    `until` rounds up to the next full minute, so that who comes back then does not come too early; `seconds` tells
    the seconds too.
    """
    if until and (moment.second or moment.microsecond):
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return date_format(local, "H:i:s" if seconds else "H:i")
    if local.year != timezone.localdate().year:
        return moment_told(moment)
    # Translators: a day and a time in Django's date format letters, without the year.
    return date_format(local, gettext("j M, H:i"))


def moment(at: datetime) -> str:
    """Tell a moment to the second, with its day: "29 November 2026, 20:45:10"."""
    # Translators: a day and a time in Django's date format letters.
    return date_format(timezone.localtime(at), gettext("j F Y, H:i:s"))


def day(moment: datetime, *, year: bool = True) -> str:
    """Tell the day of a moment in the current time zone: "29 November 2026"; without the year "29 November"."""
    # Translators: days in Django's date format letters.
    return date_format(timezone.localtime(moment), gettext("j F Y") if year else gettext("j F"))


def moment_told(moment: datetime) -> str:
    """Tell a moment with its year, for lists that reach back: "29 Nov 2026, 20:45"."""
    # Translators: a day with its year and a time in Django's date format letters.
    return date_format(timezone.localtime(moment), gettext("j M Y, H:i"))


def month(first: date) -> str:
    """Tell a month: "November 2026"."""
    # Translators: a month with its year in Django's date format letters.
    return date_format(first, gettext("F Y"))
