"""Each check finds the mistake it is for, and nothing in the portal as it stands."""

from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.db import models

from cards import checks
from cards.one_time_codes import UNFINISHED, OneTimeCode
from cards.tests.example_code import ExampleCode


class Careless(OneTimeCode):
    """Has no purpose, and dropped the constraints."""

    class Meta:
        app_label = "cards_tests"
        constraints: ClassVar[list[Any]] = []


class Copied(OneTimeCode):
    """Took over the purpose of another code."""

    purpose: ClassVar[str] = "example"
    subject = models.IntegerField()

    class Meta(OneTimeCode.Meta):
        abstract = False
        app_label = "cards_tests"
        constraints = [
            *OneTimeCode.Meta.constraints,
            models.UniqueConstraint(fields=["subject"], condition=UNFINISHED, name="copied_one_unfinished"),
        ]


def test_the_portal_has_none_of_the_mistakes() -> None:
    assert checks.check_one_time_codes() == []
    assert checks.check_programme_choices() == []


@pytest.mark.parametrize(
    ("code", "found"),
    [(Careless, ["cards.E001", "cards.E002", "cards.E003"]), (Copied, ["cards.E001"]), (ExampleCode, [])],
)
def test_a_code_with_a_mistake_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, code: type[OneTimeCode], found: list[str]
) -> None:
    monkeypatch.setattr(apps, "get_models", lambda: dict.fromkeys([ExampleCode, code]))
    errors = checks.check_one_time_codes()
    assert [error.id for error in errors] == found
    assert all(error.hint and error.obj is code for error in errors)


def test_a_choice_that_nobody_registered_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "host_names", lambda: ["far"])
    assert [error.id for error in checks.check_programme_choices()] == ["cards.E004"]
    assert "'records'" in checks.check_programme_choices()[0].msg
