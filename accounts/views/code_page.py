"""A page that asks for a code which can be sent again."""

from abc import abstractmethod
from datetime import timedelta

from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.refusals import SendTooEarly, TooManySends
from accounts.sending_limits import SENDS_APART
from cards.one_time_codes import OneTimeCode
from pages.form_tokens import post_key
from pages.sendings import Sending, has_left, sendings_of
from pages.views import FormPage


class CodePage(FormPage):
    """The code is sent again by a button, and by itself when the right one has expired."""

    buttons = ("resend",)

    @abstractmethod
    def send_again(self, press: str = "") -> None:
        """Ask for the code once more; `press` names a press of the button. Raises SendTooEarly and TooManySends."""

    def sendings(self, code: OneTimeCode | None, *, kind: str, wait: int) -> list[Sending]:
        """What became of the message with the newest code, for who may be told that there is one.

        Nothing while one is being sent: in the minute after a press, of which `wait` seconds are left, a message from
        before it is not the one to look for.
        """
        told = sendings_of(code.pk, kind=kind) if code else []
        pressed = timezone.now() + timedelta(seconds=wait - 1) - SENDS_APART.window
        return told if has_left(told) and (not wait or any(one.at >= pressed for one in told)) else []

    def tell_used_up(self, refusal: TooManySends) -> HttpResponseBase:
        """Say that no more codes are sent for now."""
        return self.tell("E36", time=refusal.until)

    def replace_expired(self) -> HttpResponseBase:
        """Send a new code by itself, and say so."""
        try:
            self.send_again(f"expired|{post_key(self.request.POST)}")
        except TooManySends as refusal:
            return self.tell_used_up(refusal)
        except SendTooEarly as refusal:  # another one was asked for less than a minute ago
            return self.refuse("otp", "N13", time=refusal.until)
        return self.refuse("otp", "E34")

    def pressed(self, name: str) -> HttpResponseBase:
        try:
            self.send_again(post_key(self.request.POST))
        except SendTooEarly as refusal:
            return self.tell("N2", time=refusal.until)
        except TooManySends as refusal:
            return self.tell_used_up(refusal)
        return self.tell("N1")
