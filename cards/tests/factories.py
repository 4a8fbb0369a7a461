"""Programmes and cards for tests: synthetic people with data that would pass every check."""

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone
from stdnum.cn import ric

from cards.dimensions import State
from cards.models import Card, Programme
from cards.moves import USED


def resident_id(serial: int) -> str:
    """A resident ID number with a possible birth date and a right check digit, another one for each serial."""
    birth = date(1950, 1, 1) + timedelta(days=serial * 37 % 18000)
    seventeen = f"110105{birth:%Y%m%d}{serial % 1000:03d}"
    return seventeen + ric.calc_check_digit(seventeen + "0")


class ProgrammeFactory(factory.django.DjangoModelFactory[Programme]):
    """An identity programme with functions; `fixed_text_sms`, `kind` and so on can be given."""

    class Meta:
        model = Programme
        django_get_or_create = ("code",)

    code = "campus"
    kind = Programme.Kind.IDENTITY
    names = {"en": "Campus card", "zh-hans": "校园一卡通"}
    issuer_names = {"en": "Example University", "zh-hans": "示例大学"}
    hotline = "400-000-0000"
    hotline_hours = {"en": "every day 8:00 to 20:00", "zh-hans": "每天 8:00 到 20:00"}
    number_length = 16
    number_prefixes = ["62"]
    functions = [
        {"names": {"en": "Library", "zh-hans": "图书馆"}, "opens": "at_once"},
        {"names": {"en": "Canteen", "zh-hans": "食堂"}, "opens": "next_day"},
    ]


class CardFactory(factory.django.DjangoModelFactory[Card]):
    """A card that waits for its holder. `CardFactory(state="active")` gets the moments that the state needs."""

    class Meta:
        model = Card

    programme = factory.SubFactory(ProgrammeFactory)
    number = factory.Sequence(lambda n: f"6208{n:012d}")  # never one that a test writes out: those begin with 6200
    holder_name = "王小明"
    id_type = "resident_id"
    id_number = factory.Sequence(resident_id)
    phone = factory.Sequence(lambda n: f"+86138{n:08d}")
    email = factory.Sequence(lambda n: f"holder{n}@example.com")
    language = "zh-hans"
    state = State.PENDING_ACTIVATION

    @factory.lazy_attribute
    def activated_at(self) -> Any:
        """Cards in use have been activated."""
        return timezone.now() if self.state in USED else None

    @factory.lazy_attribute
    def terminated_at(self) -> Any:
        """Closed cards have been closed."""
        return timezone.now() if self.state == State.TERMINATED else None
