"""What every page of an account begins with: who is signed in."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.signing_in import kept_posts
from pages.redirects import SeeOther
from pages.views import FormPage, Page


class SignedInPage(Page):
    """A page for whoever is signed in, who is its `user`; others are asked to sign in, and come back to it."""

    of_account: ClassVar[bool] = True
    """Tells the frame around the page that it needs somebody signed in."""
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
    owned = request.method == "POST" and kept_posts.has_owner(request)
    if owned and isinstance(page, FormPage) and page.keep_for_later():
        query["kept"] = "1"
    return SeeOther(f"{reverse('accounts:sign_in')}?{urlencode(query)}")


class StillSignedIn(SignedInPage):
    """Asked for in another tab by whoever is about to be signed out, so that the page with what they typed stays."""

    title = _("You are still signed in")
    template_name = "accounts/still_signed_in.html"
