"""What the commands that import an issuer's CSV file have in common: their arguments, their errors, their report."""

import os
import sys
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from cards.importing_encoding import FileNotReadable
from cards.importing_errors import ErrorsFile
from cards.importing_file import IssuerFile
from cards.importing_staging import drop_staging, staged_mistakes
from cards.management.programme_argument import programme_named
from cards.models import Programme

SOME_ROWS_REJECTED = 1
NOTHING_IMPORTED = 2
INTERRUPTED = 130


class ImportCommand(ABC, BaseCommand):
    """Ends with 0 when every row was good, 1 when rows were rejected, 2 when the file could not be taken at all."""

    columns: Sequence[str]
    """What the file's header must name."""
    optional: Sequence[str] = ()
    """What it may name besides."""

    @abstractmethod
    def take(
        self, *, file: IssuerFile, programme: Programme, dry_run: bool, progress: Callable[[float], object]
    ) -> list[tuple[str, int]]:
        """Import the file; gives sentences with %(n)d and their numbers, the one of rejected rows last."""

    def report_rows(self) -> None:
        """Say what is to be said of single rows besides their mistakes."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file, the programme and what to do."""
        header = _("CSV file with a header that names these columns, in any order: %(columns)s.")
        besides = _("It may name besides: %(columns)s.")
        told = [header % {"columns": ", ".join(self.columns)}]
        told += [besides % {"columns": ", ".join(self.optional)}] if self.optional else []
        parser.add_argument("file", type=Path, help=" ".join(told))
        parser.add_argument("--programme", required=True, metavar="CODE", help="the code of the programme")
        parser.add_argument("--dry-run", action="store_true", help="check the file and say what would happen")
        parser.add_argument("--errors", type=Path, metavar="FILE", help="write rejected rows and reasons to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and report every mistake by the row's number in a spreadsheet, never with the value."""
        try:
            self._import(options)
        except FileNotReadable as cause:
            raise CommandError(f"{options['file']}: {cause}", returncode=NOTHING_IMPORTED) from cause
        except DatabaseError as cause:
            if _interrupted(cause):
                raise _go_on() from None
            # Only the first line: the ones after it can quote the row.
            what = (str(cause).splitlines() or [""])[0]
            sentence = _(
                "The database refused: %(what)s. Mend that and run the same command again: what is imported already "
                "stays."
            )
            raise CommandError(sentence % {"what": what}, returncode=NOTHING_IMPORTED) from cause
        except KeyboardInterrupt:
            raise _go_on() from None
        except BrokenPipeError:
            # Nobody reads on, as with `| head`: all is done but the report. Python would fail again at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        finally:
            with suppress(DatabaseError):
                drop_staging()

    def _import(self, options: dict[str, Any]) -> None:
        programme = programme_named(options["programme"], returncode=NOTHING_IMPORTED)
        with ExitStack() as stack:
            file = IssuerFile(options["file"], self.columns, self.optional)
            errors = ErrorsFile(options["errors"], file) if options["errors"] else None
            if errors:
                stack.callback(errors.discard)
            # disable=None: a bar on a terminal, none in a pipe.
            with tqdm(total=100, unit="%", disable=None, leave=False) as bar:
                counts = self.take(
                    file=file,
                    programme=programme,
                    dry_run=options["dry_run"],
                    progress=lambda done: bar.update(100 * done - bar.n),
                )
            if errors:
                errors.write(staged_mistakes())
            self._report(counts, dry_run=options["dry_run"])
        _sentence, rejected = counts[-1]
        if rejected:
            refused = ngettext("%(n)d row was rejected.", "%(n)d rows were rejected.", rejected)
            raise CommandError(refused % {"n": rejected}, returncode=SOME_ROWS_REJECTED)

    def _report(self, counts: list[tuple[str, int]], *, dry_run: bool) -> None:
        for row_no, _place, field, why in staged_mistakes():
            self.stdout.write(_("Row %(row)d: %(what)s") % {"row": row_no, "what": f"{field} {why}".strip()})
        self.report_rows()
        if dry_run:
            self.stdout.write(_("Nothing was written. An import of this file would bring:"))
        for what, n in counts:
            self.stdout.write(what % {"n": n})


def _go_on() -> CommandError:
    return CommandError(_("Interrupted. Run the same command again to go on."), returncode=INTERRUPTED)


def _interrupted(cause: BaseException | None) -> bool:
    """Whether the database refused only because somebody pressed Ctrl-C while it was at work."""
    while cause is not None and not isinstance(cause, KeyboardInterrupt):
        cause = cause.__cause__ or cause.__context__
    return cause is not None
