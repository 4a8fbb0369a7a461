"""The answer to a POST that the CSRF check refuses (`CSRF_FAILURE_VIEW`)."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.signing_in.kept_posts import is_earlier_page
from pages.errors import stale_form
from pages.views import FormPage


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Show the form again with what was typed, if the page is one from before its person signed in; else say that it
    was open for too long. Nothing else is done."""
    found = request.resolver_match
    page = getattr(found and found.func, "view_class", object)
    if found is None or not issubclass(page, FormPage):
        return stale_form(request, reason)
    if not is_earlier_page(request, of_account=getattr(page, "of_account", False)):
        return stale_form(request, reason)
    request.is_earlier_page = True  # type: ignore[attr-defined]
    return found.func(request, *found.args, **found.kwargs)
