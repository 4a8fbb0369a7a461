"""Counts that only grow, for `/metrics`: whichever process counts, the database adds up."""

from django.db import models


class Tally(models.Model):
    """How often something happened at a gateway since the installation began."""

    name = models.CharField(max_length=40)
    gateway = models.CharField(max_length=40)
    label = models.CharField(max_length=40, blank=True)
    value = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "gateway", "label"], name="one_tally_a_label")]

    def __str__(self) -> str:
        return f"{self.name} {self.gateway} {self.label}"
