"""Which PINs are refused because they are easy to guess, each with the catalogue id of its reason."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import pairwise, permutations

from cards.mistakes import Mistake

_NEIGHBOURS = {
    "1": "24", "2": "135", "3": "26",
    "4": "157", "5": "2468", "6": "359",
    "7": "48", "8": "5790", "9": "68",
    "0": "8",
}  # fmt: skip
_LINES = frozenset(
    line[::step] for line in ("123", "456", "789", "147", "258", "369", "159", "357", "580") for step in (1, -1)
)
_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
OWN = 6
"""So many digits in a row out of a number of one's own are too many; all of them in a shorter PIN."""


class PinMalformed(Mistake):
    """A PIN that is empty (E40) or not digits of the programme's length (E41); `m` is that length."""


class PinTooEasy(Mistake):
    """A PIN that is easy to guess, by the reason E42a to E42e."""


def refuse(pin: str, *, length: int, birth_date: date | None = None, forbidden: Iterable[str] = ()) -> None:
    """Refuse a PIN that is easy to guess; give nothing back for a good one. Costs a few microseconds.

    Refused, in this order, each with its own reason:
    E42a repeats (two different digits at most, four alike in a row, one group again and again as in 121212 or 483483,
    three pairs as in 112233, the second half mirroring the first as in 483384) and runs (up or down by one or
    by two from end to end, 9 going on to 0, or four or more in a row by one anywhere, or two runs of three);
    E42b keypad paths (each key beside, above or below the one before, or straight lines of three keys, one after the
    other, as in 147258 and 159357);
    E42d the holder's own birth date: its year, month and day in any order, in full or short, with zeros or without;
    E42e six digits in a row out of one of the `forbidden` numbers (ID, phones, card), in a PIN of fewer, all of them;
    E42c dates as YYMMDD and DDMMYY of any year, and 29 February only of years that can be leap years.

    Counted over all million six-digit PINs without a holder, dates alone are 6.2 % (the two ways of writing
    share many), all together 7.6 %: sets such as diagonal keypad walks (1.8 %) or three in a row anywhere are
    left out, so that the whole stays between 3 and 10 %. In PINs of other lengths the same rules hold for what fits.

    Pass what the person typed as `birth_date` and `forbidden`, not what the issuer's record says: otherwise the
    reasons would tell a stranger with the card, digit by digit, whose it is.
    Raises PinMalformed and PinTooEasy.
    """
    if not pin:
        raise PinMalformed("E40", m=length)
    if len(pin) != length or not (pin.isascii() and pin.isdigit()):
        raise PinMalformed("E41", m=length)
    if _repeats(pin) or _runs(pin):
        raise PinTooEasy("E42a")
    if _keypad_path(pin):
        raise PinTooEasy("E42b")
    if birth_date is not None and _is_birth_date(pin, birth_date):
        raise PinTooEasy("E42d")
    if any(_shares_digits(pin, number) for number in forbidden):
        raise PinTooEasy("E42e")
    if len(pin) == 6 and (_is_date(pin[0:2], pin[2:4], pin[4:6]) or _is_date(pin[4:6], pin[2:4], pin[0:2])):
        raise PinTooEasy("E42c")


def _repeats(pin: str) -> bool:
    length, half = len(pin), len(pin) // 2
    if len(set(pin)) <= (1 if length == 4 else 2):
        return True
    if any(pin[at] * 4 == pin[at : at + 4] for at in range(length - 3)):
        return True
    if any(length % size == 0 and pin[:size] * (length // size) == pin for size in range(1, half + 1)):
        return True
    if length >= 6 and length % 2 == 0 and all(pin[at] == pin[at + 1] for at in range(0, length, 2)):
        return True
    return pin == pin[::-1]


def _runs(pin: str) -> bool:
    steps = [(int(after) - int(before)) % 10 for before, after in pairwise(pin)]
    if steps[0] in (1, 9, 2, 8) and len(set(steps)) == 1:
        return True
    if any(steps[at] in (1, 9) and steps[at] == steps[at + 1] == steps[at + 2] for at in range(len(steps) - 2)):
        return True
    halves = (steps[:2], steps[3:5])
    return len(pin) == 6 and all(first in (1, 9) and first == second for first, second in halves)


def _keypad_path(pin: str) -> bool:
    if all(after in _NEIGHBOURS[before] for before, after in pairwise(pin)):
        return True
    return len(pin) % 3 == 0 and all(pin[at : at + 3] in _LINES for at in range(0, len(pin), 3))


def _is_birth_date(pin: str, born: date) -> bool:
    written = _birth_dates(born)
    return pin in written or (len(pin) > OWN and any(len(text) >= OWN and text in pin for text in written))


@lru_cache(maxsize=16)
def _birth_dates(born: date) -> frozenset[str]:
    years = (f"{born.year:04d}", f"{born.year % 100:02d}")
    months = (f"{born.month:02d}", str(born.month))
    days = (f"{born.day:02d}", str(born.day))
    parts = [(year, month, day) for year in years for month in months for day in days]
    return frozenset("".join(order) for part in parts for count in (1, 2, 3) for order in permutations(part, count))


def _shares_digits(pin: str, number: str) -> bool:
    size = min(len(pin), OWN)
    digits = "".join(filter(str.isdigit, number))
    return any(pin[at : at + size] in digits for at in range(len(pin) - size + 1))


def _is_date(year: str, month: str, day: str) -> bool:
    if not ("01" <= month <= "12" and "01" <= day <= f"{_DAYS[int(month)]:02d}"):
        return False
    return (month, day) != ("02", "29") or int(year) % 4 == 0
