"""python manage.py rotate_keys"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from vault.key_samples import REMEDIES, keys_that_do_not_fit
from vault.keyrings import ring
from vault.rotation import count_stale, rotate, sealed_tables

SHOWN = 10


class Command(BaseCommand):
    """Seal everything again under the newest key of FIELD_ENCRYPTION_KEYS."""

    help = (
        "Seals all encrypted fields and sessions again under the newest key of FIELD_ENCRYPTION_KEYS, beside a "
        "running portal. Order: (1) add the new key BEHIND the old one and deploy everywhere, so that all processes "
        "can read it; (2) move it to the FRONT and deploy everywhere, so that all write with it; (3) run this command "
        "until it says that the other keys can go; (4) remove them. Interrupted, it goes on where it was. The keys of "
        "CODE_KEYS and PIN_PEPPERS need no command: they go when no live code and no PIN names them. BLIND_INDEX_KEY "
        "stays."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate table by table; raises CommandError when something is still sealed by another key.

        Or before it begins, when nothing opens: which key sealed a value is told by its id alone, and another key
        under the same id would count as the newest.
        """
        for variable, tables in keys_that_do_not_fit().items():
            raise CommandError(f"{variable} does not fit the data in {', '.join(tables)}. {REMEDIES[variable]}")
        keys = ring("FIELD_ENCRYPTION_KEYS")
        left, unopened = 0, list[str]()
        for table in sealed_tables():
            with tqdm(total=count_stale(table), desc=table.name, unit=" rows", disable=None, file=sys.stderr) as bar:
                done = rotate(table, advance=bar.update)
            self.stdout.write(f"{table.name}: {done.rows} rows sealed again, {done.left} left")
            left += done.left
            unopened += done.unopened.values()
        if unopened:
            places = sorted(set(unopened))
            shown = "\n".join(f"  {place}" for place in places[:SHOWN] + ["..."] * (len(places) > SHOWN))
            raise CommandError(
                f"Values that no key in FIELD_ENCRYPTION_KEYS opens: {len(unopened)}. Put the key that "
                f"sealed them back, or restore these rows from a backup, and run the command again:\n{shown}"
            )
        if left:
            raise CommandError(
                f"Rows still sealed by an older key: {left}. They are in use, or a process that writes with it is "
                "still running. Finish the deploy that puts the new key in front, then run the command again."
            )
        others = [key_id for key_id in keys if key_id != keys.newest_id]
        can_go = f" These keys can go: {', '.join(others)}." if others else ""
        self.stdout.write(self.style.SUCCESS(f"Everything is sealed by the key {keys.newest_id!r}.{can_go}"))
