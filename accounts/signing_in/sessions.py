"""Being signed in: beginning, going on and ending. All run inside the caller's transaction, if it has one.

The row rules, not the browser's own session, which only holds the row's id: whoever ends the row signs that browser
out at its next request, and the browser cannot hold on to it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from accounts.account_events import record
from accounts.binding.joining import programme_of
from accounts.contacts import index_of, mask
from accounts.models import Device, User, UserSession
from accounts.models.sessions import NOTED_EVERY
from accounts.signing_in.time_left import TimeLeft
from cards.dimensions import Channel
from messaging.services import queue_message
from vault.blind_index import blind_index

NEW_DEVICE = "new_device"
NOTICE_WORTH = timedelta(days=3)


def begin(
    *, user: User, device_cookie: str, browser: str, network: str, at: datetime, programme_code: str = ""
) -> UserSession:
    """Begin a session. A cardholder's from a browser that is new to the account is told to every contact.

    The account's row is locked: what ends all its sessions comes before this one or after it.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    device, is_new = (None, False) if user.is_staff else _device(user.pk, device_cookie, at)
    session = UserSession.objects.create(
        user=user, device=device, browser=browser, network=network, began_at=at, seen_at=at
    )
    if device is not None:
        record(user_id=user.pk, kind="signed_in_new_device" if is_new else "signed_in", browser=browser)
    if is_new:
        tell_contacts(session, programme_code or programme_of(user.pk), at)
    return session


def goes_on(
    *, session_id: UUID, user_id: UUID, network: str, idle: timedelta, altogether: timedelta, at: datetime
) -> TimeLeft | None:
    """Note that this session goes on, and give for how long; None if it or its account has ended, or its time has."""
    ours = UserSession.objects.filter(pk=session_id, user_id=user_id, user__is_active=True, ended_at=None)
    moments = ours.values_list("began_at", "seen_at").first()
    if moments is None:
        return None
    began_at, seen_at = moments
    if at - seen_at >= idle + NOTED_EVERY or at - began_at >= altogether:
        return None
    if at - seen_at >= NOTED_EVERY:
        UserSession.objects.filter(pk=session_id, ended_at=None).update(seen_at=at, network=network)
    return TimeLeft(now=at, idle_at=at + idle, ends_at=began_at + altogether)


def end(session_id: UUID, user_id: UUID, at: datetime) -> bool:
    """End one session of an account; say whether it had not ended yet."""
    own = UserSession.objects.filter(pk=session_id, user_id=user_id, ended_at=None)
    return bool(own.update(ended_at=at))


def end_all(user_id: UUID, at: datetime) -> int:
    """Sign everybody out of an account and forget its devices, so that every next sign-in is told; how many ended."""
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    Device.objects.filter(user_id=user_id).delete()
    return UserSession.objects.filter(user_id=user_id, ended_at=None).update(ended_at=at)


def tell_contacts(session: UserSession, programme_code: str, at: datetime) -> None:
    """One notice for every contact of the account. It cannot be switched off."""
    user = session.user
    for channel, contact in ((Channel.SMS, user.phone), (Channel.EMAIL, user.email)):
        if contact:
            queue_message(
                kind=NEW_DEVICE,
                channel=channel,
                subject_id=session.pk,
                contact_index=index_of(contact),
                to_masked=mask(contact),
                language=user.language,
                deadline=at + NOTICE_WORTH,
                programme_code=programme_code,
            )


def _device(user_id: UUID, cookie: str, at: datetime) -> tuple[Device, bool]:
    """The account's row of this browser, and whether it is a new one. Two accounts' rows cannot be linked."""
    index = blind_index("device", f"{user_id}|{cookie}")
    known = Device.objects.filter(user_id=user_id, cookie_index=index)
    if known.update(seen_at=at):
        return known.get(), False
    return Device.objects.create(user_id=user_id, cookie_index=index, seen_at=at), True
