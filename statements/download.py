"""A statement as a CSV file that spreadsheets open: in Excel's kind of UTF-8, and without anything they would run."""

import csv
from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from cards.models import Card
from pages.money import plain
from statements.countries import NAMES
from statements.models import Transaction

BYTE_ORDER_MARK = "\ufeff"
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a cell begins with that a spreadsheet takes for a formula (OWASP, "CSV Injection"), full-width forms too."""


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_lines(card: Card, rows: Iterable[Transaction], language: str) -> Iterator[str]:
    """Give the lines of the file, one after the other; amounts are positive and stand in one of two columns."""
    writer = csv.writer(_Echo())
    zone = card.programme.zone
    with override(language):
        header = (
            _("Time"),
            _("Description"),
            _("Merchant"),
            _("Kind"),
            _("Money in"),
            _("Money out"),
            _("Currency"),
            _("Country or region"),
            pgettext("payment", "Reference"),
        )
        kinds = {kind.value: str(kind.label) for kind in Transaction.Kind}
        countries = {code: str(name) for code, name in NAMES.items()}
    yield BYTE_ORDER_MARK + str(writer.writerow(map(harmless, header)))
    for row in rows:
        amount = plain(abs(row.amount), row.currency)
        cells = (
            f"{timezone.localtime(row.at, zone):%Y-%m-%d %H:%M:%S}",
            row.description,
            row.merchant_name,
            kinds[row.kind],
            amount if row.amount > 0 else "",
            amount if row.amount < 0 else "",
            row.currency,
            countries.get(row.country, row.country),
            row.issuer_id,
        )
        yield str(writer.writerow(map(harmless, cells)))


def harmless(cell: str) -> str:
    """Put an apostrophe before what would be a formula: spreadsheets then show it as text."""
    return f"'{cell}" if cell.lstrip(" ").startswith(RUN) else cell
