"""Made-up people whose data must never be found where it does not belong."""

import csv
from dataclasses import dataclass
from pathlib import Path

from stdnum.cn import ric

from cards.records import COLUMNS


@dataclass(frozen=True)
class Person:
    card_number: str
    name: str
    idno: str
    phone: str
    email: str

    def canaries(self, who: str) -> dict[str, str]:
        """What must not be found, by a name for it."""
        secrets = {
            "card number": self.card_number,
            "name": self.name,
            "ID number": self.idno,
            "phone": self.phone,
            "phone with its country": f"86{self.phone}" if self.phone else "",
            "email": self.email,
        }
        return {f"{who}'s {what}": value for what, value in secrets.items() if value}


def resident_id(seventeen: str) -> str:
    return seventeen + ric.calc_check_digit(seventeen + "0")


BY_EMAIL = Person(
    "6200739102648853", "欧阳静怡", resident_id("11010519631217409"), "13817654329", "canary.quill@example.org"
)
BY_SMS = Person("6200518274930617", "Jessamine Quillfeather", resident_id("11010519710423851"), "13924681357", "")
BY_LETTER = Person("6200904715382661", "阿卜杜拉·买买提", resident_id("11010519580906237"), "13598742610", "")
#: Its ID number has a wrong check digit: the import refuses the row.
REFUSED = Person("6200337018842956", "慕容无误", "110105194912310021", "13760918245", "refused.quill@example.org")
PEOPLE = {"Ouyang": BY_EMAIL, "Jessamine": BY_SMS, "Abdulla": BY_LETTER, "Murong": REFUSED}

TYPED = {
    "PIN": "618372",
    "PIN that was typed once": "730284",
    "PIN that is too easy": "556677",
    "PIN that was not the card's": "247514",
    "PIN by the old one": "756250",
    "PIN by a code": "415297",
    "PIN without an account": "502140",
    "code that was mistyped": "739102648854",
    "code of six digits that was wrong": "904817",
    "name that was wrong": "诸葛不对",
    "phone of somebody else": "13687451290",
    "email of somebody else": "somebody.quill@example.net",
    "password of staff": "quill-feather-canary-39",
}
"""What people type that is in no file."""


def write_cards(file: Path) -> None:
    """Write an issuer's file of these people's cards."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for person in PEOPLE.values():
            row = (person.card_number, person.name, "resident_id", person.idno, person.phone, person.email, "en", "")
            writer.writerow(row)
