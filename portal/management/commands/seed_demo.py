"""`python manage.py seed_demo`: what `make run` fills an empty demo with."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.seed import is_seeded, seed


class Command(BaseCommand):
    """Changes nothing once it has ended."""

    help = "Fill an empty demo with programmes, cards, first messages and an administrator."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill it, or do nothing."""
        if not settings.DEMO:
            raise CommandError("Made-up cards belong into a demo. Start one with `make run`.")
        if not is_seeded():
            self.stdout.write("Preparing the demo: programmes, cards and the first messages ...")
            self.stdout.flush()
            seed()
