"""`python manage.py import_transactions FILE --programme CODE`: what was paid with an issuer's cards goes in."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from cards.importing_file import IssuerFile
from cards.management.import_command import ImportCommand
from cards.models import Programme
from statements.importing import import_transactions
from statements.records import COLUMNS


class Command(ImportCommand):
    help = "Import transactions of a programme's cards from a CSV file (UTF-8 or GB18030). Can be run again."
    columns = COLUMNS

    def take(
        self, *, file: IssuerFile, programme: Programme, dry_run: bool, progress: Callable[[float], object]
    ) -> list[tuple[str, int]]:
        counts = import_transactions(file=file, programme=programme, dry_run=dry_run, progress=progress)
        return [
            (_("New transactions: %(n)d"), counts.created),
            (_("Transactions that were imported before: %(n)d"), counts.known),
            (_("Rejected rows: %(n)d"), counts.rejected),
        ]
