"""A concrete one-time code for the tests of the abstract one. It belongs to no installed app."""

from typing import ClassVar

from django.db import models

from cards.one_time_codes import UNFINISHED, OneTimeCode


class ExampleCode(OneTimeCode):
    """A code for a subject that is only a number."""

    purpose: ClassVar[str] = "example"
    subject = models.IntegerField(default=1)

    class Meta(OneTimeCode.Meta):
        abstract = False
        app_label = "cards_tests"
        constraints = [
            *OneTimeCode.Meta.constraints,
            models.UniqueConstraint(fields=["subject"], condition=UNFINISHED, name="examplecode_one_unfinished"),
        ]
