"""What the demo begins with: programmes, their cards and transactions through the real imports, first messages."""

import json
import os
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db.models import Min
from django.utils import timezone

from cards.models import Card, Programme
from demo import generate_transactions

DEMO_DIR = settings.BASE_DIR / "demo"
ADMIN = "admin"
TOLD_BY = {"sms": 2, "email": 3}  # cards of each programme whose holders have been told; the others can ask


def is_seeded() -> bool:
    """Whether `seed` has ended once: the administrator is made last."""
    return get_user_model().objects.filter(username=ADMIN).exists()


def day_before_the_seed() -> date:
    """Of the last payments. Counted from the first card, so that a seed that was interrupted before midnight goes on
    with the same payments."""
    begun: datetime = Card.objects.aggregate(begun=Min("created_at"))["begun"]
    return timezone.localdate(begun) - timedelta(days=1)


def seed() -> None:
    """Fill an empty installation; interrupted and run again, it goes on."""
    for entry in json.loads((DEMO_DIR / "programmes.json").read_text(encoding="utf-8")):
        code = entry.pop("code")
        Programme.objects.get_or_create(code=code, defaults=entry)
        call_command("import_cards", str(DEMO_DIR / "cards" / f"{code}.csv"), programme=code, stdout=StringIO())
        for channel, limit in TOLD_BY.items():
            call_command("issue_codes", programme=code, channel=channel, limit=limit, stdout=StringIO())
    with TemporaryDirectory() as folder:
        for file in generate_transactions.write(Path(folder), day_before_the_seed()):
            call_command("import_transactions", str(file), programme=file.stem, stdout=StringIO())
    get_user_model().objects.create_superuser(username=ADMIN, password=os.environ["DEMO_ADMIN_PASSWORD"])
