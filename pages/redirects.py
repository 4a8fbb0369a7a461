"""The one redirect of the pages: 303 See Other, so that the browser asks for the next page with GET."""

from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url


class SeeOther(HttpResponseRedirect):
    status_code = 303


def see_other(to: Any, *args: Any, **kwargs: Any) -> SeeOther:
    """Redirect to a named address, a model or a path; `args` and `kwargs` fill a named address."""
    return SeeOther(resolve_url(to, *args, **kwargs))
