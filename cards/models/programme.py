"""A card programme: what an issuer issues, and the rules by which it is activated."""

import zoneinfo
from datetime import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cards.code_rules import CodeRule, check_fallback, check_policy, default_fallback, rule_of
from cards.functions import check_functions
from cards.identity_documents import DocumentType
from cards.logos import check_logo
from cards.translated import TranslatedField, in_language
from vault.ids import new_id

IDENTITY_FIELDS = ("name", "id_number")


def _identity_fields() -> list[str]:
    return list(IDENTITY_FIELDS)


def _resident_id_only() -> list[str]:
    return [DocumentType.RESIDENT_ID.value]


def check_identity_fields(value: object) -> None:
    """Refuse an empty or unknown list of what people are asked for."""
    _check_choices(value, list(IDENTITY_FIELDS))


def check_document_types(value: object) -> None:
    """Refuse an empty or unknown list of identity documents."""
    _check_choices(value, DocumentType.values)


def check_prefixes(value: object) -> None:
    """Refuse card number prefixes that are not lists of digits."""
    if not isinstance(value, list) or not all(isinstance(p, str) and p.isascii() and p.isdigit() for p in value):
        raise ValidationError(_("Prefixes are digits only, like 6228 or 955880."))


def check_time_zone(value: str) -> None:
    """Refuse a time zone that the IANA database does not know."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_('Use the name of an IANA time zone, like "Asia/Shanghai".'))


def _check_choices(value: object, choices: list[str]) -> None:
    if not isinstance(value, list) or not value or not all(item in choices for item in value):
        raise ValidationError(_("This must be a list of at least one of: %(all)s.") % {"all": ", ".join(choices)})


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Sets of programmes."""

    def by_code(self, code: str) -> "Programme":
        """Give the programme with this code; raises Programme.DoesNotExist."""
        return self.get(code=code)

    def open(self, at: datetime) -> Self:
        """Programmes whose cards can be activated at `at`."""
        opened = models.Q(opens_on__isnull=True) | models.Q(opens_on__lte=at)
        return self.filter(opened, models.Q(closes_on__isnull=True) | models.Q(closes_on__gt=at))


class Programme(models.Model):
    """One programme. Its policy is data, so that a new programme needs no new code."""

    class Kind(models.TextChoices):
        """What the card is."""

        IDENTITY = "identity", _("Identity")
        PAYMENT = "payment", _("Payment")
        STORAGE = "storage", _("Storage")
        ESIM = "esim", _("eSIM")

    class PinCustody(models.TextChoices):
        """Who keeps the PIN (`cards.pins`)."""

        LOCAL = "local", _("The portal, as a hash")

    class IssuerHost(models.TextChoices):
        """Who says whether the person is the cardholder (`cards.issuer_hosts`)."""

        RECORDS = "records", _("The imported records")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    names = TranslatedField(_("name of the card"))
    issuer_names = TranslatedField(_("name of the issuer"))
    host_name = models.CharField(_("host name"), max_length=253, unique=True, null=True, blank=True)
    hotline = models.CharField(_("hotline"), max_length=40, blank=True)
    hotline_hours = TranslatedField(_("hotline hours"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Shanghai", validators=[check_time_zone])
    region = models.CharField(
        _("region"), max_length=2, default="CN", validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters"))]
    )
    brand_colour = models.CharField(
        _("brand colour"),
        max_length=7,
        default="#0b5cad",
        validators=[RegexValidator(r"^#[0-9a-f]{6}\Z", _("A colour like #0b5cad"))],
    )
    logo_svg = models.TextField(_("logo (SVG)"), blank=True, validators=[check_logo])

    number_length = models.PositiveSmallIntegerField(
        _("digits of a card number"), default=16, validators=[MinValueValidator(4), MaxValueValidator(32)]
    )
    number_prefixes = models.JSONField(
        _("prefixes of card numbers"), default=list, blank=True, validators=[check_prefixes]
    )
    number_luhn = models.BooleanField(_("card numbers end in a Luhn digit"), default=False)

    pin_custody = models.CharField(
        _("PIN custody"), max_length=16, choices=PinCustody.choices, default=PinCustody.LOCAL
    )
    pin_length = models.PositiveSmallIntegerField(
        _("digits of a PIN"), default=6, validators=[MinValueValidator(4), MaxValueValidator(12)]
    )
    pin_tries = models.PositiveSmallIntegerField(
        _("wrong PINs before it is locked"), default=5, validators=[MinValueValidator(3), MaxValueValidator(10)]
    )
    pin_reset_delay = models.PositiveIntegerField(
        _("minutes before a PIN chosen without an account works"),
        default=24 * 60,
        validators=[MinValueValidator(60), MaxValueValidator(7 * 24 * 60)],
        help_text=_("Every registered contact is told at once, so that the cardholder can stop it."),
    )
    code_policy = models.JSONField(_("code policy"), default=dict, blank=True, validators=[check_policy])
    code_fallback = models.JSONField(
        _("other ways of a code"), default=default_fallback, blank=True, validators=[check_fallback]
    )
    fixed_text_sms = models.BooleanField(_("text messages from fixed templates"), default=False)
    sms_sender = models.CharField(_("text message sender"), max_length=40, blank=True)
    email_sender = models.CharField(_("email sender"), max_length=254, blank=True)

    issuer_host = models.CharField(
        _("issuer host"), max_length=40, choices=IssuerHost.choices, default=IssuerHost.RECORDS
    )
    identity_fields = models.JSONField(
        _("asked of the cardholder"), default=_identity_fields, validators=[check_identity_fields]
    )
    id_types = models.JSONField(
        _("identity documents taken"), default=_resident_id_only, validators=[check_document_types]
    )
    minimum_age = models.PositiveSmallIntegerField(_("minimum age in years"), default=0)
    functions = models.JSONField(_("functions"), default=list, blank=True, validators=[check_functions])
    opens_on = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_on = models.DateTimeField(_("closes"), null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.CheckConstraint(
                name="programme_kind", condition=models.Q(kind__in=["identity", "payment", "storage", "esim"])
            ),
            models.CheckConstraint(name="programme_pin_custody", condition=models.Q(pin_custody__in=["local"])),
            models.CheckConstraint(name="programme_pin_length", condition=models.Q(pin_length__range=(4, 12))),
            models.CheckConstraint(name="programme_pin_tries", condition=models.Q(pin_tries__range=(3, 10))),
            models.CheckConstraint(
                name="programme_pin_reset_delay", condition=models.Q(pin_reset_delay__range=(60, 7 * 24 * 60))
            ),
            models.CheckConstraint(name="programme_number_length", condition=models.Q(number_length__range=(4, 32))),
            models.CheckConstraint(name="programme_host_name", condition=~models.Q(host_name="")),
        ]

    def __str__(self) -> str:
        return self.name or self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep host names as browsers send them, and no host name as NULL, so that many programmes can have none."""
        self.host_name = (self.host_name or "").strip().lower() or None
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """The card's name in the current language."""
        return in_language(self.names)

    @property
    def issuer_name(self) -> str:
        """The issuer's name in the current language."""
        return in_language(self.issuer_names)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone that its cardholders' times and days are told in."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def holds_money(self) -> bool:
        """Whether a card of this kind has a balance."""
        return self.kind in {self.Kind.PAYMENT, self.Kind.STORAGE}

    def code_rule(self, channel: str) -> CodeRule:
        """Give the length and life of a code by `channel`: the programme's own, else the default."""
        return rule_of(self.code_policy, channel, fixed_text_sms=self.fixed_text_sms)

    def is_open(self, at: datetime) -> bool:
        """Say whether its cards can be activated at `at`."""
        return (self.opens_on is None or self.opens_on <= at) and (self.closes_on is None or at < self.closes_on)
