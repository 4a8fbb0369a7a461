"""`python manage.py issue_codes --programme CODE --channel sms|email|letter [--limit N]`"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from activation.services.issue_codes import cards_to_tell, cards_without_contact, issue_codes
from cards.management.programme_argument import programme_named
from cards.models import Programme
from pages.times import moment_told


class Command(BaseCommand):
    help = "Tell the holders of waiting cards: by email or letter with the 12-digit code, by SMS with an invitation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--programme", required=True, help="code of the programme, such as campus")
        parser.add_argument("--channel", required=True, choices=["sms", "email", "letter"])
        parser.add_argument("--limit", type=int, help="tell at most so many")

    def handle(self, *args: Any, programme: str, channel: str, limit: int | None, **options: Any) -> None:
        chosen = programme_named(programme)
        if limit is not None and limit < 1:
            raise CommandError(_("--limit must be 1 or more."))
        refuse_unless_open(chosen)
        waiting = cards_to_tell(programme=chosen, channel=channel, at=timezone.now()).count()
        unreachable = cards_without_contact(programme=chosen, channel=channel, at=timezone.now()).count()
        total, told, barred = min(waiting, limit or waiting), 0, Counter[str]()
        try:
            with tqdm(total=total, unit="card", disable=not sys.stderr.isatty()) as bar:
                for batch in issue_codes(programme=chosen, channel=channel, limit=limit):
                    told += batch.told
                    barred += batch.barred
                    bar.update(batch.told)
        except KeyboardInterrupt:
            raise CommandError(_("Stopped. %(told)d told; run it again for the rest.") % {"told": told}) from None
        left = waiting - told - barred.total()
        self.stdout.write(_("%(told)d cardholders told, %(left)d left.") % {"told": told, "left": left})
        if barred:
            words = _(
                "Not told: %(count)d, because we do not send to %(countries)s. Allow that under Destinations first."
            )
            countries = _(", ").join(f"{country} ({count})" for country, count in sorted(barred.items()))
            self.stdout.write(words % {"count": barred.total(), "countries": countries})
        if unreachable:
            words = {
                "sms": _(
                    "Not told: %(count)d, because their cards have no mobile number. Use another channel for them."
                ),
                "email": _(
                    "Not told: %(count)d, because their cards have no email address. Use another channel for them."
                ),
            }[channel]
            self.stdout.write(words % {"count": unreachable})


def refuse_unless_open(programme: Programme) -> None:
    """Raises CommandError for a programme whose cards cannot be activated now: a code would be of no use."""
    at = timezone.now()
    if programme.is_open(at):
        return
    early = programme.opens_on is not None and at < programme.opens_on
    with timezone.override(programme.zone):
        told = {
            "code": programme.code,
            "day": moment_told((programme.opens_on if early else programme.closes_on) or at),
            "zone": programme.time_zone,
        }
    if early:
        words = _("“%(code)s” opens on %(day)s (%(zone)s), and codes sent before are of no use. Run this again then.")
    else:
        words = _("“%(code)s” has closed on %(day)s (%(zone)s). Give it a later day in the administration first.")
    raise CommandError(words % told)
