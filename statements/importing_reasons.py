"""What an import of transactions says of a mistake, beside what every import says."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cards import importing_reasons

REASONS: dict[str, str | Promise] = {
    **importing_reasons.REASONS,
    "unknown_card": _("is not a card of this programme"),
    "long_text": _("is longer than %(m)d characters"),
    "moment": _("is not a moment like 2026-11-22 20:15:00"),
    "future": _("is in the future"),
    "minor_units": _("must be a whole number of the currency's smallest unit, like -12650, and not 0"),
    "balance": _("must be a whole number of the currency's smallest unit, or empty"),
    "currency": _("is not a currency code like CNY"),
    "kind": _("must be one of: %(allowed)s"),
    "category": _("must be a merchant category code of 4 digits, or empty"),
    "country": _("must be a country or region code of 2 letters, or empty"),
    "issuer_id": _("must be 1 to 64 letters, digits or one of . _ : -"),
    "other_values": _("is imported already with other values: a correction is a transaction of its own"),
}
