"""One-time tokens of forms whose POST counts or sends, so that a double click counts once (pages.md G15).

A form class says `once = True`, a form written by hand says `{% form_token %}`. The service counts a POST under its
`post_key`, with a limit of one, in its own transaction: the first is evaluated and counted, the same one again is
answered alike and not counted. The answers are part of the key, so a token cannot be used to try others for free.
"""

import hashlib
import json
import secrets

from django.http import QueryDict

NAME = "form_token"
UNKEYED = frozenset({"csrfmiddlewaretoken"})  # masked anew in every page


def new_token() -> str:
    return secrets.token_urlsafe(16)


def post_key(posted: QueryDict) -> str:
    """Give the key of a POST: alike for a repeated POST of one page, different for any other."""
    sent = sorted((name, values) for name, values in posted.lists() if name not in UNKEYED)
    if not posted.get(NAME):  # sent by no page of ours: each POST counts
        sent.append((NAME, [new_token()]))
    return hashlib.sha256(json.dumps(sent).encode()).hexdigest()
