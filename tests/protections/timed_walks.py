"""How long the forms of a walk take to answer known and unknown people, over HTTP, asked in random order."""

import random
import time
from collections import defaultdict
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlencode

from django.urls import reverse

from accounts import code_requests
from accounts.models import CodeRequest
from pages.form_tokens import NAME, new_token
from tests.protections.public_forms import Step, Walk
from tests.protections.strangers import Stranger, unknown_people
from tests.protections.telling_apart import area
from tests.services.visitor import Visitor
from vault.models import Counter

KNOWN, UNKNOWN, SLOWED = "known", "unknown", "slowed"
"""Whom the portal knows; whom it does not; and whom it does not and answers 3 ms later."""
Times = dict[str, list[float]]


class Crowd:
    """People who come to the portal at this port by one connection; nobody comes twice."""

    def __init__(self, port: int) -> None:
        self.port, self.came = port, 0
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.seconds: dict[int, Times] = defaultdict(lambda: defaultdict(list))

    def walk(self, walk: Walk, many: int) -> None:
        """Let so many of each kind go the walk, all of them the first step, then all the second."""
        kinds = self._people(walk, many)
        first = self._at_the_form(walk.steps[0])
        visitors = {who: self._visitor(who, first) for _kind, who in kinds}
        for number, step in enumerate(walk.steps):
            for kind, who in random.sample(kinds, len(kinds)):
                took = self._send(visitors[who], step, who, slowed=kind == SLOWED)
                self.seconds[number][kind].append(took)
            code_requests.answer_waiting()
            CodeRequest.objects.all().delete()
            Counter.objects.all().delete()  # a minute later, a code may be sent again

    def areas(self, walk: Walk) -> Iterator[str]:
        """What was measured at each form."""
        for number, times in self.seconds.items():
            apart, twin = area(times[UNKNOWN], times[KNOWN]), area(times[UNKNOWN], times[SLOWED])
            answers = "resend" if "resend" in walk.steps[number].answers else "form"
            yield f"{walk.steps[number].name} ({answers}): {len(times[KNOWN])} each, {apart:.3f}; 3 ms: {twin:.3f}"

    def _people(self, walk: Walk, many: int) -> list[tuple[str, Stranger]]:
        since, self.came = self.came, self.came + many
        people = [(KNOWN, who) for who in walk.known(many, since)]
        people += [(UNKNOWN, who) for who in unknown_people(many, since)]
        return people + [(SLOWED, who) for who in unknown_people(many, since + 15_000)]

    def _at_the_form(self, step: Step) -> Visitor:
        visitor = Visitor(self.port)
        visitor.open(reverse(step.name))
        return visitor

    def _visitor(self, who: Stranger, first: Visitor) -> Visitor:
        """A browser that has opened the first form, without a session yet."""
        visitor = Visitor(self.port, address=who.address)
        visitor.connection, visitor.page = self.connection, first.page
        visitor.cookies = {name: value for name, value in first.cookies.items() if name != "sessionid"}
        return visitor

    def _send(self, visitor: Visitor, step: Step, who: Stranger, *, slowed: bool) -> float:
        """Seconds from sending the form to having read the page that answers it."""
        form = {**visitor.form(), NAME: new_token(), **who.typed(step.answers)}
        body, headers = urlencode(form).encode(), {"X_Slowed": "1"} if slowed else {}
        start = time.perf_counter()
        sent = visitor.ask("POST", reverse(step.name), body, **headers)
        visitor.page = visitor.ask("GET", sent.location.partition("#")[0])
        took = time.perf_counter() - start
        assert (sent.status, visitor.page.status) == (303, 200), (step.name, sent.status, sent.location)
        return took
