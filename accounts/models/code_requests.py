"""What somebody asked for, written for everybody alike and answered by a worker."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.leases import Leased
from vault.fields import EncryptedTextField
from vault.ids import new_id

LIFETIME = timedelta(minutes=10)
"""An older request is not answered any more: who asked has gone, or has asked again."""

KEPT = timedelta(days=1)
"""After that the row is deleted."""


class CodeRequestQuerySet(models.QuerySet["CodeRequest"]):
    def waiting(self, at: datetime) -> Self:
        """Requests that want an answer and are young enough to get one."""
        return self.filter(handled_at=None, created_at__gt=at - LIFETIME)

    def stale(self, at: datetime) -> Self:
        return self.filter(created_at__lte=at - KEPT)


class CodeRequest(Leased):
    """One sealed request for a code. `purpose` names who answers it, `body` is JSON that only they understand."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(_("purpose"), max_length=40)
    body = EncryptedTextField()
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_index=True)
    handled_at = models.DateTimeField(_("handled at"), null=True)

    objects = CodeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("code request")
        verbose_name_plural = _("code requests")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["created_at"], condition=Q(handled_at=None), name="accounts_request_waiting"),
        ]
