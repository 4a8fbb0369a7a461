"""In which language messages to an account are: the one that its holder has chosen on our pages."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import User


class MessagesInChosenLanguage:
    """Remembers with the account of whoever is signed in the language that was chosen by hand, as its cookie says.

    What a browser merely prefers says nothing of a person: it may be the browser of a hotel.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if SESSION_KEY in request.session and chosen in dict(settings.LANGUAGES):
            follow(request, chosen)
        return self.get_response(request)


def follow(request: HttpRequest, language: str) -> None:
    user = request.user
    if isinstance(user, User) and user.language != language:
        User.objects.filter(pk=user.pk).update(language=language)
        user.language = language
