"""`python manage.py export_letters --programme CODE --to FILE --certificate print-shop.pem`"""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from activation.print_files import CertificateNotUsable, fingerprint, read_certificate
from activation.services.export_letters import export_letters, finish_interrupted, reprint_letters
from cards.management.programme_argument import programme_named

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Write the letters that wait to be printed into files that only the print shop can read, each letter once."
        )
        parser.add_argument("--programme", required=True, help=_("code of the programme, such as campus"))
        parser.add_argument("--to", required=True, type=Path, help=_("the file to write, such as letters.p7m"))
        parser.add_argument(
            "--certificate", required=True, type=Path, help=_("the print shop's certificate (PEM, RSA)")
        )
        parser.add_argument("--reprint", metavar="DIGEST", help=_("also what was in this file, which has been lost"))

    def handle(
        self, *args: Any, programme: str, to: Path, certificate: Path, reprint: str | None, **options: Any
    ) -> None:
        chosen = programme_named(programme)
        try:
            shop = read_certificate(certificate.read_bytes(), timezone.now())
        except OSError as error:
            raise CommandError(f"{certificate}: {error.strerror}") from None
        except CertificateNotUsable as refusal:
            raise CommandError(f"{certificate}: {why_not(refusal)}") from None
        self.stdout.write(_("For the certificate with the fingerprint %(sha256)s") % {"sha256": fingerprint(shop)})
        letters = 0
        try:
            self.finish(to)
            if reprint:
                self.reprint(reprint)
            for file in export_letters(programme=chosen, to=to, certificate=shop):
                letters += file.letters
                told = {"path": file.path, "letters": file.letters, "sha256": file.digest}
                self.stdout.write(_("%(path)s: %(letters)d letters, SHA-256 %(sha256)s") % told)
        except FileExistsError as error:
            raise CommandError(_("%(path)s is there already: name another file.") % {"path": error}) from None
        except OSError as error:
            raise CommandError(f"{to}: {error.strerror}") from None
        self.stdout.write(_("%(letters)d letters exported.") % {"letters": letters})

    def finish(self, to: Path) -> None:
        """Tell of what an interrupted export has left."""
        named, unknown = finish_interrupted(folder=to.parent)
        for path in named:
            self.stdout.write(_("%(path)s: finished; the export that wrote it was interrupted.") % {"path": path})
        for path in unknown:
            self.stdout.write(_("%(path)s: counts for nothing, its letters still wait. Delete it.") % {"path": path})

    def reprint(self, digest: str) -> None:
        """Let the letters of a lost file wait again."""
        again = reprint_letters(digest=digest)
        if not again:
            raise CommandError(_("No letter was exported in a file with this digest."))
        logger.warning("letters of print file %s are exported once more: %d", digest, again)
        self.stdout.write(_("%(letters)d letters of the lost file wait again.") % {"letters": again})


def why_not(refusal: CertificateNotUsable) -> str:
    """The sentence for a certificate that cannot be used."""
    return {
        "not_pem": _("This is no certificate in PEM form."),
        "not_rsa": _("The certificate's key is not RSA; the file can be encrypted to RSA keys only."),
        "too_short": _("The certificate's key is shorter than 2048 bits."),
        "not_valid_now": _("The certificate is not valid today."),
    }[refusal.cause]
