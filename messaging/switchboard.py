"""Which gateway gets a parcel, and whether it may have it now: rests, pace, and the next one when one does not serve.

One is opened for a batch; its gateways connect when they are first needed.
"""

import logging
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from messaging import rests
from messaging.answers import Answer, Failed, Later, Refused, Taken
from messaging.gateways.chosen import gateways_for
from messaging.gateways.gateway import Gateway, GatewayRefused, GatewayUnavailable, GatewayUnfit, Mail, Sms
from messaging.mistakes import place_of
from messaging.models import Message
from messaging.pace import Pace
from messaging.polling import first_poll
from messaging.routes import Route, Routes
from messaging.tallies import TallySheet

PATIENCE_SECONDS = 8.0  # after which no other gateway is tried: with the longest call on top below a worker's limit

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Post:
    """A message and what a gateway is to be given for it."""

    message: Message
    parcel: Sms | Mail


Answered = list[tuple[Message, Answer]]


class Switchboard:
    """The gateways of a channel. `longest` is the number of seconds within which one call has answered.

    Every call has answered when the monotonic clock says `answered_by`; what does not fit before it is for later.
    """

    def __init__(self, channel: str, *, urgent: bool, answered_by: float = math.inf) -> None:
        self.answered_by = answered_by
        self.gateways: dict[str, Gateway[Any]] = {gateway.name: gateway for gateway in gateways_for(channel)}
        self.routes = Routes(channel, list(self.gateways))
        self.pace = Pace(self.gateways, urgent=urgent)
        self.longest = max(gateway.longest for gateway in self.gateways.values())
        if len(self.gateways) > 1:
            self.longest += PATIENCE_SECONDS
        self.at_once = min(gateway.at_once for gateway in self.gateways.values())
        self.sheet = TallySheet()
        self._opened = ExitStack()

    def rests(self) -> bool:
        """Whether no gateway serves us at present."""
        return all(rests.resting(name) for name in self.gateways)

    def closed_until(self) -> datetime | None:
        """When every gateway rests or is booked: the moment when the first of them may be called again."""
        moments = [self._closed_until(name) for name in self.gateways]
        return min((moment for moment in moments if moment), default=None) if all(moments) else None

    def most(self) -> int | None:
        """How many messages are worth claiming at once; None: any number."""
        waves = [self.pace.wave(name) for name in self.gateways]
        return None if self.pace.urgent or None in waves else sum(wave or 0 for wave in waves)

    def hand_over(self, posts: Sequence[Post]) -> Iterator[Answered]:
        """Hand over; give the answers as they come, call by call."""
        self._patient_until = time.monotonic() + PATIENCE_SECONDS
        routed: list[tuple[Post, Route]] = []
        for post in posts:
            try:
                routed.append((post, self.routes.of(post.parcel)))
            except GatewayRefused as refusal:
                yield [(post.message, Refused("", str(refusal)))]
            except GatewayUnavailable as failure:
                yield [(post.message, Failed("", str(failure)))]
        yield from self._by_gateway(routed)

    def _by_gateway(self, routed: Sequence[tuple[Post, Route]]) -> Iterator[Answered]:
        chosen: defaultdict[str, list[tuple[Post, Route]]] = defaultdict(list)
        for post, route in routed:
            awake = next((name for name in route.gateways if not rests.resting(name)), None)
            if awake is None:
                moments = [self._closed_until(name) or timezone.now() for name in route.gateways]
                yield [(post.message, Later(min(moments)))]
            else:
                chosen[awake].append((post, route))
        for name, group in chosen.items():
            yield from self._at(name, group)

    def _at(self, name: str, group: list[tuple[Post, Route]]) -> Iterator[Answered]:
        gateway = self.gateways[name]
        while group:
            allowed = self.pace.allow(name, min(len(group), gateway.at_once))
            if not allowed:
                until = self.pace.free_at[name]
                yield [(post.message, Later(until)) for post, _route in group]
                return
            now, group = group[:allowed], group[allowed:]
            yield from self._call(gateway, now)

    def _call(self, gateway: Gateway[Any], routed: list[tuple[Post, Route]]) -> Iterator[Answered]:
        posts = [post for post, _route in routed]
        if not self._fits(gateway):
            yield [(post.message, Later(timezone.now())) for post in posts]
            return
        try:
            ids = send(gateway, [self.routes.told(post.message, post.parcel, gateway.name) for post in posts])
        except SoftTimeLimitExceeded:
            raise
        except GatewayUnfit as refusal:
            rests.answered(gateway.name)
            self.sheet.outcome(gateway.name, "refused", len(posts))
            yield from self._by_another(routed, Refused(gateway.name, f"refused: {refusal}"))
        except GatewayRefused as refusal:
            rests.answered(gateway.name)
            self.sheet.outcome(gateway.name, "refused", len(posts))
            yield [(post.message, Refused(gateway.name, f"refused: {refusal}")) for post in posts]
        except Exception as error:
            rests.failed(gateway.name)
            self.sheet.outcome(gateway.name, "unavailable", len(posts))
            yield from self._by_another(routed, Failed(gateway.name, self._reason(gateway.name, error)))
        else:
            rests.answered(gateway.name)
            poll_at = first_poll(gateway, timezone.now())
            yield [
                (post.message, Taken(gateway.name, provider_id, route.destination, poll_at))
                for (post, route), provider_id in zip(routed, ids, strict=True)
            ]

    def _by_another(self, routed: list[tuple[Post, Route]], failure: Refused | Failed) -> Iterator[Answered]:
        """Try the other gateways of each route. Where none is left it fails; for good only if none may serve later.

        Nor is another one tried when the first have taken long: the message waits, and no worker is held.
        """
        patient = time.monotonic() < self._patient_until
        again: list[tuple[Post, Route]] = []
        for post, route in routed:
            others = route.without(failure)
            if patient and any(self._may_serve(name) for name in others.gateways):
                again.append((post, others))
            elif others.gateways:
                yield [(post.message, Failed(failure.gateway, failure.reason))]
            else:
                yield [(post.message, others.failed or failure)]
        yield from self._by_gateway(again)

    def _fits(self, gateway: Gateway[Any]) -> bool:
        return time.monotonic() + gateway.longest <= self.answered_by

    def _may_serve(self, name: str) -> bool:
        return not rests.resting(name) and self._fits(self.gateways[name])

    def _closed_until(self, name: str) -> datetime | None:
        seconds = rests.resting(name)
        resting = timezone.now() + timedelta(seconds=seconds) if seconds else None
        booked = None if self.pace.urgent else self.pace.booked_until(name)
        return max(filter(None, (resting, booked)), default=None)

    def _reason(self, name: str, error: Exception) -> str:
        if isinstance(error, GatewayUnavailable):
            return str(error)
        logger.error("gateway %s is broken: %s", name, place_of(error))
        return f"broken gateway: {type(error).__name__}"

    def __enter__(self) -> Self:
        for gateway in self.gateways.values():
            self._opened.enter_context(gateway)
        return self

    def __exit__(self, *failure: object) -> None:
        self._opened.close()


def send(gateway: Gateway[Any], parcels: Sequence[Sms | Mail]) -> list[str]:
    """One call: of one parcel, or of as many as the gateway takes at once."""
    return gateway.send_all(parcels) if gateway.at_once > 1 else [gateway.send(parcel) for parcel in parcels]
