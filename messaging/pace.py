"""How fast a gateway is used, all workers together: the rate is a row, and a reservation one conditional statement.

The generic cell rate algorithm (ITU-T I.371, annex A): `free_at` is the moment until which the gateway is booked, and
a message books `1 / per_second` seconds of it. Urgent messages always go, and book. Others go only when nothing is
booked ahead, so whatever urgent ones took is taken from them, and never the other way round.
"""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models.functions import Greatest, Now
from django.utils import timezone

from messaging.models import GatewayRate

WAVE_SECONDS = 0.2  # booked by one statement at most: what may go out in one burst
LAPSE_SECONDS = 1.0  # what was booked and not used by then is lost: a slow worker must not save up for a burst


def book(gateway: str, *, seconds: float, urgent: bool) -> bool:
    """Book this much of the gateway's time, by the database's clock; False when it is booked ahead or has no rate."""
    rate = GatewayRate.objects.filter(gateway=gateway)
    free = rate if urgent else rate.filter(free_at__lte=Now())
    return bool(free.update(free_at=Greatest("free_at", Now()) + timedelta(seconds=seconds)))


class Pace:
    """What one worker may send at gateways with a rate, during one task. `free_at` knows when to ask again."""

    def __init__(self, gateways: Iterable[str], *, urgent: bool) -> None:
        self.urgent = urgent
        found = GatewayRate.objects.filter(gateway__in=list(gateways))
        self.rates: dict[str, float] = dict(found.values_list("gateway", "per_second"))
        self.free_at: dict[str, datetime] = {}
        self._booked: dict[str, tuple[int, float]] = {}

    def wave(self, gateway: str) -> int | None:
        """How many may go out in one burst; None: any number, because the gateway has no rate."""
        rate = self.rates.get(gateway)
        return None if rate is None else max(1, int(rate * WAVE_SECONDS))

    def allow(self, gateway: str, wanted: int) -> int:
        """How many of `wanted` may go now."""
        wave = self.wave(gateway)
        if wave is None:
            return wanted
        rate = self.rates[gateway]
        if self.urgent:
            book(gateway, seconds=wanted / rate, urgent=True)
            return wanted
        booked, lapses = self._booked.get(gateway, (0, 0.0))
        if not booked or time.monotonic() > lapses:
            if self.booked_until(gateway) or not book(gateway, seconds=wave / rate, urgent=False):
                self._look(gateway)
                return 0
            booked, lapses = wave, time.monotonic() + LAPSE_SECONDS
        allowed = min(booked, wanted)
        self._booked[gateway] = booked - allowed, lapses
        return allowed

    def booked_until(self, gateway: str) -> datetime | None:
        """The later moment, if we know of one, until which nothing that is not urgent may go to this gateway."""
        free_at = self.free_at.get(gateway)
        return free_at if free_at and free_at > timezone.now() else None

    def _look(self, gateway: str) -> None:
        if not self.booked_until(gateway):
            found = GatewayRate.objects.filter(gateway=gateway).values_list("free_at", flat=True).first()
            self.free_at[gateway] = found or timezone.now() + timedelta(seconds=WAVE_SECONDS)
