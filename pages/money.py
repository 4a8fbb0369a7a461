"""Amounts as people read them: kept as whole numbers of a currency's smallest unit, told with its sign."""

from decimal import Decimal

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_TWO_DECIMALS = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP
CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD
TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
"""
NO_DECIMALS, THREE_DECIMALS = frozenset(_NO_DECIMALS.split()), frozenset(_THREE_DECIMALS.split())
CURRENCIES = NO_DECIMALS | THREE_DECIMALS | frozenset(_TWO_DECIMALS.split())
"""The codes of ISO 4217 that can be paid with."""

SIGNS = {"CNY": "¥", "HKD": "HK$", "MOP": "MOP$", "TWD": "NT$", "USD": "US$", "EUR": "€", "GBP": "£", "KRW": "₩"}
"""Those that cannot be mistaken for another; ¥ is the yuan, so that the yen is told by its code."""

MINUS, SPACE = "\u2212", "\N{NO-BREAK SPACE}"


def decimals(currency: str) -> int:
    """How many decimals the currency has (ISO 4217, "minor unit")."""
    return 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2


def plain(amount: int, currency: str) -> str:
    """Write an amount as a plain number: "-126.50"."""
    return str(Decimal(amount).scaleb(-decimals(currency)))


def money(amount: int, currency: str) -> str:
    """Tell an amount of smallest units: "¥ 1,126.50", "−¥ 126.50", "JPY 1,000". Wrap it with `digits` on a page."""
    number = f"{Decimal(abs(amount)).scaleb(-decimals(currency)):,}"
    return f"{MINUS if amount < 0 else ''}{SIGNS.get(currency, currency)}{SPACE}{number}"
