"""Keep one index of the idempotency key: nobody looks for a part of it, and every mark of a message wrote to both."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_room_for_claims")]
    operations = [
        migrations.AlterField(
            model_name="message",
            name="idempotency_key",
            field=models.CharField(max_length=100, verbose_name="idempotency key"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("idempotency_key",), name="message_idempotency_key"),
        ),
    ]
