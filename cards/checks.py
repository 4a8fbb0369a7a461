"""System checks: what a developer who adds a code, a host or a custody must not forget."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from cards.issuer_hosts import host_names
from cards.models.programme import Programme
from cards.one_time_codes import UNFINISHED, OneTimeCode
from cards.pins import custody_names


@register
def check_one_time_codes(**_kwargs: Any) -> list[CheckMessage]:
    """Every concrete code has a purpose of its own, the common constraints, and at most one live code per subject."""
    found: list[CheckMessage] = []
    seen: dict[str, str] = {}
    for model in apps.get_models():
        if not issubclass(model, OneTimeCode):
            continue
        purpose = getattr(model, "purpose", "")
        if not purpose or purpose in seen:
            found.append(
                Error(
                    f"{model._meta.label} needs a purpose that no other code has: codes are derived from it.",
                    hint='Declare purpose: ClassVar[str] = "activation".',
                    obj=model,
                    id="cards.E001",
                )
            )
        seen[purpose] = model._meta.label
        names = {constraint.name for constraint in model._meta.constraints}
        common = {f"{model._meta.model_name}_{name}" for name in ("digits", "channel", "life", "one_end")}
        if not common <= names:
            found.append(
                Error(
                    f"{model._meta.label} lacks the constraints of OneTimeCode.",
                    hint="In its Meta, begin with constraints = [*OneTimeCode.Meta.constraints, ...].",
                    obj=model,
                    id="cards.E002",
                )
            )
        if not any(_is_one_per_subject(constraint) for constraint in model._meta.constraints):
            found.append(
                Error(
                    f"{model._meta.label} allows two unfinished codes for one subject.",
                    hint="Add UniqueConstraint(fields=[<subject>], condition=UNFINISHED, name=...).",
                    obj=model,
                    id="cards.E003",
                )
            )
    return found


@register
def check_programme_choices(**_kwargs: Any) -> list[CheckMessage]:
    """Every host and custody that a programme can choose is there."""
    return [
        Error(
            f"A programme can choose the {what} {name!r}, which nobody registered.",
            hint=hint,
            obj=Programme,
            id="cards.E004",
        )
        for what, choices, known, hint in (
            ("issuer host", Programme.IssuerHost.values, host_names(), "Call cards.issuer_hosts.register(...)."),
            ("PIN custody", Programme.PinCustody.values, custody_names(), "Add it to the custodies of cards.pins."),
        )
        for name in choices
        if name not in known
    ]


def _is_one_per_subject(constraint: models.BaseConstraint) -> bool:
    return isinstance(constraint, models.UniqueConstraint) and constraint.condition == UNFINISHED
