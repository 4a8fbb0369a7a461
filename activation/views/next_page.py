"""Where a journey goes on."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from activation.models import ActivationAttempt
from activation.models.attempts import Verdict
from activation.steps import Step, first_undone


def address_of(step: Step, attempt: ActivationAttempt) -> str:
    return reverse("activation:step", kwargs={"reference": attempt.reference, "slug": step.slug})


def address_of_next(attempt: ActivationAttempt) -> str:
    """The first step that is not done; after submission the page that waits, or tells the verdict."""
    if attempt.verdict == Verdict.PASSED:
        return reverse("activation:done", args=[attempt.reference])
    if attempt.verdict:
        return reverse("activation:problem", args=[attempt.reference])
    step = first_undone(attempt, timezone.now())
    return address_of(step, attempt) if step else reverse("activation:wait", args=[attempt.reference])
