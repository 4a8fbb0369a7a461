"""How long what a person answered in the journey is kept, and its going, in short steps."""

from datetime import datetime, timedelta

from activation.models import ActivationAttempt
from vault.sweeping import update_in_steps

ANSWERS_KEPT = timedelta(days=30)
"""After the verdict, or the end without one."""


def forget_answers(at: datetime) -> int:
    """Forget name and document number of attempts that ended 30 days ago; how many. The card has its own record of
    both, and nobody goes on with such an attempt: its code has died long ago."""
    kept = ActivationAttempt.objects.with_answers_since(at - ANSWERS_KEPT)
    return update_in_steps(kept.order_by("closed_at"), {"answers": None})
