"""Write the demo's transactions: made-up payments with the first cards of two programmes, the same ones each time.

`python -m demo.generate_transactions` renews demo/transactions/, which show what files look like. A demo is given the
same payments, dated so that the last are of the day before it is filled. Merchants are kinds of shops, not names.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from demo.generate import SEED, card_number

TRANSACTIONS = Path(__file__).parent / "transactions"
COLUMNS = (
    *("card_number", "issuer_id", "at", "amount_minor", "currency", "balance_minor"),
    *("kind", "description", "merchant_name", "merchant_category", "country"),
)
CARDS, EACH = 12, 30
LAST_DAY, STEP = date(2025, 12, 26), timedelta(days=4)
"""Of the files that are kept."""
OPENS = time(7, 30)

PLACES = {
    "bank": (
        ("面馆", "5812", "CN", (1500, 9800)),
        ("超市", "5411", "CN", (2000, 38000)),
        ("书店", "5942", "CN", (3000, 21000)),
        ("加油站", "5541", "CN", (20000, 45000)),
        ("香港便利店", "5499", "HK", (1000, 9000)),
    ),
    "transit": (
        ("地铁 1 号线", "4111", "CN", (200, 900)),
        ("公交 32 路", "4131", "CN", (200, 200)),
        ("轮渡", "4789", "CN", (300, 600)),
    ),
}
TOP_UP = {"bank": (600_000, 900_000), "transit": (5_000, 10_000)}


def rows(programme: str, last_day: date = LAST_DAY) -> Iterator[tuple[str | int, ...]]:
    """Make the rows of a programme's file: a top-up, then payments, and so on; balances follow from them.

    The last payment of each card is of `last_day`, and ids name it, so that a demo takes the kept files, too; nothing
    else depends on it.
    """
    begin = datetime.combine(last_day, OPENS) - (EACH - 1) * STEP
    random = Random(f"{SEED} {programme} transactions")
    for serial in range(CARDS):
        balance = 0
        for n in range(EACH):
            at = begin + n * STEP + timedelta(minutes=random.randrange(14 * 60))
            if n % 10 == 0:
                amount = random.randrange(*TOP_UP[programme])
                words: tuple[str, ...] = ("top_up", "充值", "", "", "CN")
            else:
                place, category, country, (least, most) = random.choice(PLACES[programme])
                amount = -random.randrange(least, most + 1)
                words = ("purchase", "", place, category, country)
            balance += amount
            issuer_id = f"{programme}-{last_day:%y%m%d}-{serial + 1:04d}-{n + 1:04d}"
            moment = f"{at:%Y-%m-%d %H:%M:%S}"
            yield card_number(programme, serial), issuer_id, moment, amount, "CNY", balance, *words


def write(folder: Path, last_day: date = LAST_DAY) -> list[Path]:
    """Write one file for each programme; which."""
    files = []
    for programme in PLACES:
        files.append(folder / f"{programme}.csv")
        with files[-1].open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(rows(programme, last_day))
    return files


def main() -> None:
    """Renew the files that are kept."""
    TRANSACTIONS.mkdir(exist_ok=True)
    write(TRANSACTIONS)


if __name__ == "__main__":
    main()
