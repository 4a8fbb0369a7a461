"""The vault's only table: counters of tries."""

from django.db import models


class Counter(models.Model):
    """How often one subject has tried under one limit. `key` is a keyed hash of both: a row names nobody."""

    key = models.UUIDField(primary_key=True, editable=False)
    tries = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)
    rounds = models.PositiveIntegerField(default=0)
    last_press = models.UUIDField(null=True)
    """Keyed hash that names the button press counted last, so that a doubled one counts once."""
