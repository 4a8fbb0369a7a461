"""Django email backends that take every mail and send none."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class OneByOne(BaseEmailBackend):
    """As a mail server answers: for each mail by itself."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return len(email_messages)


class AllOrNothing(OneByOne):
    """As an interface answers that takes a list in one request."""

    at_once = 500
