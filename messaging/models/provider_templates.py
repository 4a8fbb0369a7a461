"""What gateways want to be told for a programme: its sender or signature, and the ids of its approved texts."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def check_variables(value: object) -> None:
    """Refuse what is not a list of names of variables."""
    if not isinstance(value, list) or not all(isinstance(name, str) and name.isidentifier() for name in value):
        raise ValidationError(_("The name of a variable has letters, digits and _ only, like code or minutes."))


class GatewaySender(models.Model):
    """The sender name, number or signature of a programme at a gateway. An empty programme is every other one."""

    programme_code = models.CharField(_("programme code"), max_length=50, blank=True)
    gateway = models.CharField(_("gateway"), max_length=40)
    sender = models.CharField(_("sender"), max_length=40)

    class Meta:
        verbose_name = _("sender at a gateway")
        verbose_name_plural = _("senders at gateways")
        constraints = [models.UniqueConstraint(fields=["programme_code", "gateway"], name="one_sender_a_gateway")]

    def __str__(self) -> str:
        return f"{self.programme_code or '*'} {self.gateway}"


class ProviderTemplate(models.Model):
    """The id under which a gateway knows the text of a kind of message. An empty programme is every other one."""

    programme_code = models.CharField(_("programme code"), max_length=50, blank=True)
    gateway = models.CharField(_("gateway"), max_length=40)
    kind = models.CharField(_("kind"), max_length=40)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    template_id = models.CharField(_("template id"), max_length=100)
    params = models.JSONField(
        _("variables"),
        default=list,
        blank=True,
        validators=[check_variables],
    )

    class Meta:
        verbose_name = _("provider template")
        verbose_name_plural = _("provider templates")
        constraints = [
            models.UniqueConstraint(
                fields=["programme_code", "gateway", "kind", "language"], name="one_provider_template_a_text"
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme_code or '*'} {self.gateway} {self.kind}"
