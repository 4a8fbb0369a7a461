"""Do for codes and invitations from before 0002 what is done for later ones.

A code that nobody has finished is looked at when its first reminder is due, or was; what has been sent is not sent
again, because its key is the same. Who was invited is remembered from the message log. It may run again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

BATCH = 2000
UNFINISHED = {"consumed_at": None, "superseded_at": None, "revoked_at": None, "expired_at": None}


def first_reminder(issued_at: datetime, expires_at: datetime) -> datetime:
    """As `activation.reminder_times` said it when this was written, of codes that live a day or longer."""
    life = expires_at - issued_at
    only_last = timedelta(hours=48) < life < timedelta(hours=72)
    return expires_at - timedelta(hours=24) if only_last else issued_at + life / 2


def batches(rows: Any) -> Iterator[list[Any]]:
    """The rows in their primary key's order, batch by batch."""
    found = list(rows.order_by("pk")[:BATCH])
    while found:
        yield found
        found = list(rows.filter(pk__gt=found[-1].pk).order_by("pk")[:BATCH])


def remind_of_earlier_codes(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    codes = apps.get_model("activation", "ActivationCode")._base_manager
    unfinished = codes.filter(**UNFINISHED, remind_at=None, expires_at__gt=timezone.now())
    for batch in batches(unfinished.only("issued_at", "expires_at")):
        long = [code for code in batch if code.expires_at - code.issued_at >= timedelta(days=1)]
        for code in long:
            code.remind_at = first_reminder(code.issued_at, code.expires_at)
        codes.bulk_update(long, ["remind_at"], batch_size=500)


def remember_earlier_invitations(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    cards = apps.get_model("cards", "Card")._base_manager
    invitation = apps.get_model("activation", "Invitation")
    log = apps.get_model("messaging", "Message")._base_manager.filter(kind="activation_invitation")
    for batch in batches(log.only("subject_id", "contact_index", "created_at")):
        known = set(cards.filter(pk__in={message.subject_id for message in batch}).values_list("pk", flat=True))
        invitation._base_manager.bulk_create(
            [
                invitation(
                    card_id=message.subject_id, contact_index=message.contact_index, invited_at=message.created_at
                )
                for message in batch
                if message.subject_id in known
            ],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    atomic = False  # each batch by itself: nobody has to wait for all of them
    dependencies = [("activation", "0002_reminders"), ("messaging", "0002_delivery_and_receipts")]
    operations = [
        migrations.RunPython(remind_of_earlier_codes, migrations.RunPython.noop),
        migrations.RunPython(remember_earlier_invitations, migrations.RunPython.noop),
    ]
