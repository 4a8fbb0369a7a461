"""How fast a gateway may be used."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class GatewayRate(models.Model):
    """Messages a second that one gateway takes, all workers together. A gateway without a row has no limit."""

    gateway = models.CharField(_("gateway"), max_length=40, unique=True)
    per_second = models.FloatField(_("messages a second"), validators=[MinValueValidator(0.01)])
    free_at = models.DateTimeField(_("free at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("gateway rate")
        verbose_name_plural = _("gateway rates")
        constraints = [models.CheckConstraint(condition=models.Q(per_second__gt=0), name="gateway_rate_above_zero")]

    def __str__(self) -> str:
        return self.gateway
