"""Countries and regions by name, as a statement tells where something was paid.

Those where cardholders pay most; of any other its code stands, as on the slip. Names are those that the mainland's
banks use.
"""

from typing import Any

from django.utils.translation import pgettext_lazy

NAMES: dict[str, Any] = {
    "AE": pgettext_lazy("country", "United Arab Emirates"),
    "AR": pgettext_lazy("country", "Argentina"),
    "AT": pgettext_lazy("country", "Austria"),
    "AU": pgettext_lazy("country", "Australia"),
    "BE": pgettext_lazy("country", "Belgium"),
    "BR": pgettext_lazy("country", "Brazil"),
    "CA": pgettext_lazy("country", "Canada"),
    "CH": pgettext_lazy("country", "Switzerland"),
    "CN": pgettext_lazy("country", "Chinese mainland"),
    "CZ": pgettext_lazy("country", "Czechia"),
    "DE": pgettext_lazy("country", "Germany"),
    "DK": pgettext_lazy("country", "Denmark"),
    "EG": pgettext_lazy("country", "Egypt"),
    "ES": pgettext_lazy("country", "Spain"),
    "FI": pgettext_lazy("country", "Finland"),
    "FR": pgettext_lazy("country", "France"),
    "GB": pgettext_lazy("country", "United Kingdom"),
    "GR": pgettext_lazy("country", "Greece"),
    "HK": pgettext_lazy("country", "Hong Kong"),
    "HU": pgettext_lazy("country", "Hungary"),
    "ID": pgettext_lazy("country", "Indonesia"),
    "IE": pgettext_lazy("country", "Ireland"),
    "IN": pgettext_lazy("country", "India"),
    "IT": pgettext_lazy("country", "Italy"),
    "JP": pgettext_lazy("country", "Japan"),
    "KH": pgettext_lazy("country", "Cambodia"),
    "KR": pgettext_lazy("country", "South Korea"),
    "KZ": pgettext_lazy("country", "Kazakhstan"),
    "LA": pgettext_lazy("country", "Laos"),
    "LK": pgettext_lazy("country", "Sri Lanka"),
    "MM": pgettext_lazy("country", "Myanmar"),
    "MN": pgettext_lazy("country", "Mongolia"),
    "MO": pgettext_lazy("country", "Macao"),
    "MV": pgettext_lazy("country", "Maldives"),
    "MX": pgettext_lazy("country", "Mexico"),
    "MY": pgettext_lazy("country", "Malaysia"),
    "NL": pgettext_lazy("country", "Netherlands"),
    "NO": pgettext_lazy("country", "Norway"),
    "NP": pgettext_lazy("country", "Nepal"),
    "NZ": pgettext_lazy("country", "New Zealand"),
    "PH": pgettext_lazy("country", "Philippines"),
    "PK": pgettext_lazy("country", "Pakistan"),
    "PL": pgettext_lazy("country", "Poland"),
    "PT": pgettext_lazy("country", "Portugal"),
    "QA": pgettext_lazy("country", "Qatar"),
    "RU": pgettext_lazy("country", "Russia"),
    "SA": pgettext_lazy("country", "Saudi Arabia"),
    "SE": pgettext_lazy("country", "Sweden"),
    "SG": pgettext_lazy("country", "Singapore"),
    "TH": pgettext_lazy("country", "Thailand"),
    "TR": pgettext_lazy("country", "Türkiye"),
    "TW": pgettext_lazy("country", "Taiwan"),
    "US": pgettext_lazy("country", "United States"),
    "VN": pgettext_lazy("country", "Vietnam"),
    "ZA": pgettext_lazy("country", "South Africa"),
}


def country_told(code: str) -> str:
    """Name the country or region of an ISO 3166 code in the current language; one without a name here by its code."""
    return str(NAMES.get(code, code))
