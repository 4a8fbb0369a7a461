"""Where one is signed in (P20), and signing out there."""

from typing import Any
from uuid import UUID

from django.contrib.auth import logout
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts import services
from accounts.middleware import session_id_of
from accounts.models import UserSession
from accounts.refusals import NoSuchSession
from accounts.signing_in.browsers import browser_told
from accounts.signing_in.places import place_told
from accounts.views.signed_in import SignedInPage
from pages.redirects import SeeOther
from pages.times import moment_told
from pages.views import FormPage
from vault.client_address import client_address, subnet


class Devices(SignedInPage, FormPage):
    """Every session of the account, this one first; each can be ended, and all at once."""

    title = pgettext_lazy("title", "Where you are signed in")
    template_name = "accounts/devices.html"
    buttons = ("end", "everywhere")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.back_url = reverse("accounts:account")
        return super().dispatch(request, *args, **kwargs)

    def submitted(self, form: Any) -> HttpResponseBase:
        return self.again()

    def pressed(self, name: str) -> HttpResponseBase:
        if name == "everywhere":
            services.sign_out_everywhere(user_id=self.user.pk)
            logout(self.request)
            return SeeOther(f"{reverse('accounts:sign_in')}?everywhere=1")
        try:
            services.end_session(session_id=UUID(self.request.POST["end"]), user_id=self.user.pk)
        except (NoSuchSession, ValueError):
            raise Http404 from None
        return self.tell("N7")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here, network = session_id_of(self.request), subnet(client_address(self.request))
        live = UserSession.objects.live(timezone.now()).filter(user=self.user).order_by("-seen_at")
        told = [
            {
                "id": one.pk,
                "browser": browser_told(one.browser),
                "place": place_told(one.network, network),
                "began": moment_told(one.began_at),
                "seen": moment_told(one.seen_at),
                "is_this": one.pk == here,
            }
            for one in sorted(live, key=lambda one: one.pk != here)
        ]
        return super().get_context_data(**{**kwargs, "form": None}, sessions=told)
