"""What every page of an account begins with: who is signed in."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from accounts.models import User
from pages.redirects import SeeOther
from pages.views import FormPage, Page


class SignedInPage(Page):
    """A page for whoever is signed in, who is its `user`; others are asked to sign in, and come back to it."""

    user: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return see_sign_in(request, self)
        self.user = request.user
        return super().dispatch(request, *args, **kwargs)


def see_sign_in(request: HttpRequest, page: object) -> SeeOther:
    """Redirect to the sign-in page and, from there, back to the page that is asked for, with what was typed."""
    query = {"next": request.get_full_path()}
    if getattr(request, "signed_out", False):
        query["ended"] = "1"
    if request.method == "POST" and isinstance(page, FormPage) and page.keep_for_later():
        query["kept"] = "1"
    return SeeOther(f"{reverse('accounts:sign_in')}?{urlencode(query)}")
