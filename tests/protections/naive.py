"""What might stand in place of a protection: the portal with one of them taken away."""

import importlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.refusals import Refusal
from accounts.sending_limits import FROM_LONGEST
from accounts.services import SIGN_IN_TRIES
from activation.limits import CODE_TRIES, SECURITY_CODE_TRIES
from activation.models import ActivationCode
from vault import limits
from vault.limits import Count, Counted, Limit
from vault.models import Counter

# By name, for the package gives its functions the names of their modules.
sign_in: Any = importlib.import_module("accounts.services.sign_in")
enter_code: Any = importlib.import_module("activation.services.enter_code")
confirm_contact: Any = importlib.import_module("activation.services.confirm_contact")


HELD = (CODE_TRIES, SECURITY_CODE_TRIES, SIGN_IN_TRIES)
LOOKED, COUNTED = 5_200_001, 5_200_002
"""The advisory locks between looking at one of these and writing it, and between that and giving it back."""


def passes(lock: int) -> None:
    """Wait while a test holds the lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s), pg_advisory_unlock_shared(%s)", [lock, lock])


def outside_the_transaction(act: Callable[..., Any]) -> Callable[..., Any]:
    """As a cache would be: whoever asks holds no lock while the caller goes on."""

    def alone(*args: Any, **kwargs: Any) -> Any:
        try:
            return act(*args, **kwargs)
        finally:
            connection.close()

    def acting(*args: Any, **kwargs: Any) -> Any:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(alone, *args, **kwargs).result()

    return acting


def tries_by_read_then_write(
    counted: Sequence[Counted], *, once: str = "", count_all: Callable[..., list[Count]]
) -> list[Count]:
    """Look, then write: everybody who looks before the first one has written is let through.

    Sendings are counted as ever: else too few of the crowd would come as far as trying a code.
    """
    if any(limit in FROM_LONGEST for limit, _subject in counted):
        return count_all(counted, once=once)
    return look_then_write(counted)


@outside_the_transaction
def look_then_write(counted: Sequence[Counted]) -> list[Count]:
    return [_looked_at(limit, subject) for limit, subject in counted]


@outside_the_transaction
def give_back_later(counted: Sequence[Counted], *, give_back_all: Callable[..., None]) -> None:
    passes(COUNTED)
    give_back_all(counted)


def _looked_at(limit: Limit, subject: str) -> Count:
    key, at = limits._key(limit, subject), timezone.now()
    held = Counter.objects.filter(key=key).first()
    tries = held.tries if held else 0
    if limit in HELD:
        passes(LOOKED)
    if tries >= limit.tries:
        return Count(False, tries, 0, at + timedelta(minutes=15))
    Counter.objects.bulk_create([Counter(key=key, tries=0, ends_at=at + limit.window)], ignore_conflicts=True)
    Counter.objects.filter(key=key).update(tries=tries + 1)
    return Count(True, tries + 1, limit.tries - tries - 1, None)


def count_in_the_session(
    counted: Sequence[Counted], *, once: str = "", count_all: Callable[..., list[Count]]
) -> list[Count]:
    """Count per browser, here by the token that its page sent along; what has none is counted as ever."""
    return count_all([(limit, f"{subject} {once}") for limit, subject in counted])


def reserve_by_looking(code: ActivationCode, at: datetime) -> bool:
    """Only look whether the code is still good."""
    return ActivationCode.objects.filter(pk=code.pk).live(at).exists()


def raising_inside(original: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse by an exception inside the transaction: its rollback takes the counted try back."""

    def refusing(*args: Any) -> Any:
        outcome = original(*args)
        if isinstance(outcome, Refusal):
            raise outcome
        return outcome

    return refusing


def read_then_write() -> None:
    """Count, and reserve a code, by looking first."""
    limits.count_all = partial(tries_by_read_then_write, count_all=limits.count_all)
    limits.give_back_all = partial(give_back_later, give_back_all=limits.give_back_all)
    enter_code._reserve = reserve_by_looking


def count_per_session() -> None:
    """Let every new session begin with all its tries."""
    limits.count_all = partial(count_in_the_session, count_all=limits.count_all)


def refuse_inside() -> None:
    """Refuse by exceptions that roll the count back."""
    enter_code._try_code = raising_inside(enter_code._try_code)
    confirm_contact._try = raising_inside(confirm_contact._try)
    sign_in._try_code = raising_inside(sign_in._try_code)


VARIANTS: dict[str, Callable[[], None]] = {
    "read then write": read_then_write,
    "count in the session": count_per_session,
    "refuse inside": refuse_inside,
}
