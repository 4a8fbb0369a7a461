"""What is said about a sign-in from a new device, to every contact of the account."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts.contacts import index_of
from accounts.loss.not_me import Notice, link_of, register
from accounts.messages import Letterhead
from accounts.models import UserSession
from accounts.signing_in.browsers import browser_told
from accounts.signing_in.sessions import NEW_DEVICE
from cards.programmes import programme_by_code
from messaging import kinds
from messaging.kinds import Envelope, Kind
from messaging.models import Message
from pages.times import clock


def register_kinds() -> None:
    """Make the message known, and whose account it is about."""
    label = pgettext_lazy("message", "Sign-in with a new device")
    kinds.register(Kind(NEW_DEVICE, build_notice, label=label))
    register(NEW_DEVICE, Notice(account_of=user_of_session))


def build_notice(message: Message) -> Envelope | None:
    """Tell with what and when somebody signed in, and where to say that it was somebody else."""
    session = UserSession.objects.filter(pk=message.subject_id).select_related("user").first()
    if session is None:
        return None
    contacts = (session.user.phone, session.user.email)
    to = next((one for one in contacts if one and index_of(one) == message.contact_index), "")
    if not to:
        return None
    programme = programme_by_code(message.programme_code)
    head = Letterhead.of(programme, message.channel)
    with timezone.override(head.zone):
        at = clock(session.began_at)
    return Envelope(
        to=to,
        language=message.language,
        params={
            "browser": browser_told(session.browser),
            "at": at,
            "tail": session.user.phone[-4:],
            "hotline": head.hotline,
            "not_me": link_of(message, programme),
        },
        sender=head.sender,
        service=head.service,
        fixed_text=head.fixed_text,
    )


def user_of_session(session_id: UUID) -> UUID | None:
    """The account of a session."""
    return UserSession.objects.filter(pk=session_id).values_list("user_id", flat=True).first()
