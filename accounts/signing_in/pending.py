"""What somebody is signing in with, between the page that asks for a contact and the one that asks for the code."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

KEY = "signing_in"


@dataclass(frozen=True)
class SigningIn:
    """The contact as typed, in its one spelling, and the page to go to afterwards. Kept in the sealed session."""

    contact: str
    next_page: str


def keep(request: HttpRequest, signing_in: SigningIn) -> None:
    request.session[KEY] = [signing_in.contact, signing_in.next_page]


def find(request: HttpRequest) -> SigningIn | None:
    kept = request.session.get(KEY)
    return SigningIn(*kept) if kept else None


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def page_after(request: HttpRequest) -> str:
    """Give the page that sent the person here to sign in: a path of this site, by default their cards."""
    wanted = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and wanted.startswith("/") else reverse("accounts:cards")
