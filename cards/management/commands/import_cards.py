"""`python manage.py import_cards FILE --programme CODE`: an issuer's cards go in."""

from argparse import ArgumentParser
from collections.abc import Callable

from django.utils.translation import gettext as _

from cards.dimensions import State
from cards.importing import import_cards
from cards.importing_file import IssuerFile
from cards.importing_staging import staged_kept
from cards.management.import_command import ImportCommand
from cards.models import Programme
from cards.records import COLUMNS, REPLACES


class Command(ImportCommand):
    help = "Import the cards of a programme from a CSV file (UTF-8 or GB18030). Can be interrupted and run again."
    columns = COLUMNS
    optional = (REPLACES,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        words = _(
            "In the column %(replaces)s stands the number of the card whose place the row's card takes: one of the "
            "same programme, registered for the same identity document, and no other card takes its place. It works "
            "on until the new card is activated, which closes it."
        )
        parser.epilog = words % {"replaces": REPLACES}

    def take(
        self, *, file: IssuerFile, programme: Programme, dry_run: bool, progress: Callable[[float], object]
    ) -> list[tuple[str, int]]:
        counts = import_cards(file=file, programme=programme, dry_run=dry_run, progress=progress)
        return [
            (_("New cards: %(n)d"), counts.created),
            (_("Changed cards, whose earlier codes no longer work: %(n)d"), counts.changed),
            *(
                [(_("Of these, cards that left an account, because they are somebody else's now: %(n)d"), counts.left)]
                if counts.left
                else []
            ),
            (_("Unchanged cards: %(n)d"), counts.unchanged),
            (_("Cards left as they are, because they are in use or closed: %(n)d"), counts.kept),
            *([(_("Cards whose place new ones take: %(n)d"), counts.replacing)] if counts.replacing else []),
            (_("Rejected rows: %(n)d"), counts.rejected),
        ]

    def report_rows(self) -> None:
        for row_no, state in staged_kept():
            left = _("Row %(row)d: has changed, but the card stays as it is. Its state: %(state)s")
            self.stdout.write(left % {"row": row_no, "state": State(state).label})
