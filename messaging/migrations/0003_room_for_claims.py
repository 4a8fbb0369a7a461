"""Leave room on each page of the outbox: a claim writes its row anew, and beside the old one that touches no index.

A page is claimed whole, so half of it stays free for the new rows; what a claim leaves there, the mark uses again.
And find the urgent ones to ask about without passing a campaign.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def leave_room(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE messaging_message SET (fillfactor = 50)")


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_delivery_and_receipts")]
    operations = [
        migrations.RunPython(leave_room, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="message", name="message_poll"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.F("urgent"),
                models.F("next_poll_at"),
                condition=models.Q(("next_poll_at__isnull", False)),
                name="message_poll",
            ),
        ),
    ]
