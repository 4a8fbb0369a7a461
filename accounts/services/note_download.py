"""Somebody downloads what we hold about them."""

from uuid import UUID

from accounts import account_events


def note_download(*, user_id: UUID) -> None:
    """Write down that it was asked for, before anything is given."""
    account_events.record(user_id=user_id, kind="data_downloaded")
