"""What no browser sends from our pages is refused with 400 before anything reads it."""

from collections.abc import Collection

from django.core.exceptions import BadRequest
from django.http import HttpRequest

UNREADABLE = "\ufffd"
"""What Django puts in place of bytes that are no UTF-8."""


def check_address(request: HttpRequest) -> None:
    """Raise BadRequest for a NUL in the address or a cookie: PostgreSQL takes none, in any look-up."""
    cookies = "".join(request.COOKIES.values())
    if "\0" in request.path_info or "\0" in cookies or "%00" in request.META.get("QUERY_STRING", ""):
        raise BadRequest("NUL in the address or a cookie")


def check_posted(request: HttpRequest, *, several: Collection[str] = ()) -> None:
    """Raise BadRequest for a doubled parameter or one that is no UTF-8: which of the two was meant, is unknown.

    `several` are those of which any number may be ticked.
    """
    for name, values in request.POST.lists():
        if len(values) != 1 and name not in several:
            raise BadRequest("A parameter was sent more than once")
        if UNREADABLE in "".join(values) or UNREADABLE in name:
            raise BadRequest("A parameter is not UTF-8")
