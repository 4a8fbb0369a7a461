"""The portal's only table: when each sweep last came to its end."""

from django.db import models


class Tick(models.Model):
    """The last time that a task of the beat's schedule ended well, in whichever process."""

    task = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.task
