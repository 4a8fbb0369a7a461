"""Where an account is signed in, and the browsers it is known to be used in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from vault.ids import new_id

IDLE = timedelta(minutes=20)
ALTOGETHER = timedelta(hours=12)
"""How long a cardholder stays signed in: without activity, and however active (domain.md, "Defaults")."""

NOTED_EVERY = timedelta(seconds=30)
"""Activity is written down no more often than this, so that not every page writes."""


class Device(models.Model):
    """A browser in which an account was used, known again by its cookie. Other accounts have other rows for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.CASCADE, related_name="devices", db_index=False
    )
    cookie_index = models.UUIDField(editable=False)
    """Blind index of the account and the cookie together."""
    seen_at = models.DateTimeField(_("last signed in"))

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [
            models.UniqueConstraint(fields=["user", "cookie_index"], name="accounts_one_row_a_device"),
        ]
        indexes = [models.Index(fields=["seen_at"], name="accounts_device_seen")]


class UserSessionQuerySet(models.QuerySet["UserSession"]):
    def live(self, at: datetime) -> Self:
        """Those in which a cardholder is signed in: neither ended by anybody nor by time."""
        return self.filter(ended_at=None, seen_at__gt=at - IDLE - NOTED_EVERY, began_at__gt=at - ALTOGETHER)


class UserSession(models.Model):
    """One time that somebody is signed in, from `began_at` until `ended_at` or until it ends by time.

    The browser's own session holds its id; whoever ends this row signs that browser out at its next request.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.CASCADE, related_name="sessions", db_index=False
    )
    device = models.ForeignKey(
        Device, verbose_name=_("device"), on_delete=models.SET_NULL, null=True, related_name="sessions"
    )
    browser = models.CharField(_("browser"), max_length=40)
    """As `accounts.signing_in.browsers` spells it: "Chrome/Android"; never the whole User-Agent."""
    network = models.CharField(_("network"), max_length=50, blank=True)
    """Where it was used last: `vault.client_address.subnet`, never the whole address."""
    began_at = models.DateTimeField(_("began"))
    seen_at = models.DateTimeField(_("last active"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = UserSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(fields=["user", "-began_at"], name="accounts_sessions_of_user"),
            models.Index(fields=["seen_at"], name="accounts_session_seen"),
        ]
