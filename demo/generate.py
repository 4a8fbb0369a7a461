"""Write the demo's cards: made-up people, the same ones each time. `python demo/generate.py` renews demo/cards/.

Nobody real can be meant: ID numbers have a region that was never assigned, phones one block of a range, addresses end
in example.org (RFC 2606), card numbers start with test prefixes. Check digits are right all the same.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from stdnum import luhn
from stdnum.cn import ric

CARDS = Path(__file__).parent / "cards"
PROGRAMMES = ("campus", "transit", "bank", "esim")
CARDS_EACH = 60
SEED = 20_260_101
COLUMNS = ("card_number", "holder_name", "id_type", "id_number", "phone", "email", "language", "expires_on")

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾"
GIVEN = "伟芳娜敏静磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国志强晓燕海波子涵雨桐思远"
LONG_NAMES = ("欧阳静怡", "司马文博", "阿卜杜拉·买买提", "古丽娜尔·艾合买提", "𠮷野文华", "扎西次仁")
FIRST = ("Alice", "Ben", "Carol", "David", "Emma", "Frank", "Grace", "Henry", "Irene", "Jack", "Karen", "Leo")
LAST = ("Anders", "Brook", "Clarke", "Dorsey", "Ellis", "Fisher", "Green", "Hughes", "Ivers", "Jones", "Lowell")


def rows(programme: str, count: int) -> Iterator[tuple[str, ...]]:
    """Make the first `count` rows of a programme's file; always the same."""
    random = Random(f"{SEED} {programme}")
    for serial in range(count):
        english = serial % 4 == 3
        name = _name(random, english=english, serial=serial)
        document, number = _document(random, programme, serial)
        phone = f"138{130_000 + CARDS_EACH * PROGRAMMES.index(programme) + serial:08d}"
        email = f"holder.{programme}.{serial + 1}@example.org"
        reach = serial % 10
        yield (
            card_number(programme, serial),
            name,
            document,
            number,
            "" if reach in (8, 9) else phone,
            "" if reach in (5, 6, 7) else email,
            "en" if english else "zh-hans",
            {"campus": "2036-07-31", "transit": "", "bank": "2036-12-31", "esim": ""}[programme],
        )


def card_number(programme: str, serial: int) -> str:
    """Give the number of a programme's card; the bank's and the eSIM's end in a Luhn digit."""
    mixed = (serial + 1) * 7919 % 1_000_003
    match programme:
        case "campus":
            return f"2026{mixed:08d}"
        case "transit":
            return f"9199{mixed:012d}"
        case "bank":
            body = f"990001{mixed:09d}"
        case _:
            body = f"8999900{mixed:012d}"
    return body + luhn.calc_check_digit(body)


def resident_number(random: Random, serial: int, *, region: str = "100000") -> str:
    """Give a number by GB 11643 of a region that does not exist; `region` has 6 digits."""
    born = date(1950, 1, 1) + timedelta(days=random.randrange(56 * 365))
    body = f"{region}{born:%Y%m%d}{serial % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def _document(random: Random, programme: str, serial: int) -> tuple[str, str]:
    if programme == "campus":
        return "student_number", f"S2026{serial + 1:06d}"
    if programme == "transit" and serial % 6 == 5:
        match serial % 5:
            case 0:
                return "hk_macao_permit", f"H{random.randrange(10**8):08d}"
            case 1:
                return "taiwan_permit", f"{random.randrange(10**8):08d}"
            case 2:
                return "passport", f"E{random.randrange(10**8):08d}"
            case 3:
                return "residence_permit", resident_number(random, serial, region="810000")
            case _:
                return "permanent_resident", resident_number(random, serial, region="990999")
    return "resident_id", resident_number(random, serial)


def _name(random: Random, *, english: bool, serial: int) -> str:
    if english:
        return f"{random.choice(FIRST)} {random.choice(LAST)}"
    if serial % 10 == 6:
        return LONG_NAMES[serial // 10 % len(LONG_NAMES)]
    return random.choice(SURNAMES) + "".join(random.sample(GIVEN, random.choice((1, 2, 2))))


def main() -> None:
    """Write one file for each programme."""
    CARDS.mkdir(exist_ok=True)
    for programme in PROGRAMMES:
        with (CARDS / f"{programme}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(rows(programme, CARDS_EACH))


if __name__ == "__main__":
    main()
