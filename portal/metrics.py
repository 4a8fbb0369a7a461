"""`/metrics` for Prometheus: who may read it, and in which form."""

import hmac
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from portal.measures import Measures
from portal.silent_database import watch

RETRY_SECONDS = "5"


class Metrics:
    """Answers before everything that asks for a host name: Prometheus knows each process by its address.

    Whichever process is asked, the answer is the same, because all of it lies in the database. `METRICS_TOKEN` is the
    bearer token; without one nobody but the demo and a developer is told that there is anything here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.registry = CollectorRegistry()
        self.registry.register(Measures())

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path != "/metrics":
            return self.get_response(request)
        if not settings.METRICS_TOKEN and settings.MODE == "production":
            return _plain("not found", 404)
        if not may_read(request):
            answer = _plain("a bearer token, please", 401)
            answer["WWW-Authenticate"] = 'Bearer realm="metrics"'
            return answer
        return self.answer(request)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Every measure as of now, as text or as OpenMetrics; 503 while the database is away."""
        encoder, content_type = choose_encoder(request.headers.get("Accept", ""))
        if watch.silent:
            return _away()
        try:
            with watch.over_me():
                told = encoder(self.registry)
        except DatabaseError:
            connection.close()
            return _away()
        return HttpResponse(told, content_type=content_type, headers={"Cache-Control": "no-store"})


def may_read(request: HttpRequest) -> bool:
    """Whether the request brings the token, compared in constant time; where none is set, everybody may."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN
    right = hmac.compare_digest(token.strip().encode(), expected.encode())
    return not expected or (scheme.lower() == "bearer" and right)


def _away() -> HttpResponse:
    answer = _plain("the database is away", 503)
    answer["Retry-After"] = RETRY_SECONDS
    return answer


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain")
