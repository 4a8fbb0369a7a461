"""Where text messages and calls may go, by which gateways, and how many."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


def check_names(value: object) -> None:
    """Refuse what is not a list of gateway names."""
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise ValidationError(_('Gateways must be a list of their names in quotes, like ["aliyun", "twilio"].'))


class Destination(models.Model):
    """The beginning of telephone numbers; the longest that fits a number counts. Where none fits, nothing is sent."""

    prefix = models.CharField(
        _("prefix"), max_length=8, unique=True, validators=[RegexValidator(r"^\+[1-9][0-9]{0,6}\Z", _("Like +86"))]
    )
    allowed = models.BooleanField(_("allowed"), default=True)
    gateways = models.JSONField(
        _("gateways"),
        default=list,
        blank=True,
        validators=[check_names],
        help_text=_("Names, the first choice first. Empty: all, in the order of SMS_URL."),
    )
    hourly_budget = models.PositiveIntegerField(_("text messages and calls an hour"), null=True, blank=True)
    daily_budget = models.PositiveIntegerField(_("text messages and calls a day"), null=True, blank=True)
    tripped_at = models.DateTimeField(
        _("stopped at"),
        null=True,
        blank=True,
        help_text=_("When too few codes that were sent there had been used. Empty it to send there again."),
    )

    class Meta:
        verbose_name = _("destination")
        verbose_name_plural = _("destinations")

    def __str__(self) -> str:
        return self.prefix
