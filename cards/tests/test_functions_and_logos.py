"""The two things of a programme that issuers write freely: their shape is checked, and they can do no harm."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils.translation import override

from cards.functions import CardFunction, Opens, check_functions, read_functions
from cards.logos import check_logo

SHANGHAI = ZoneInfo("Asia/Shanghai")
LIBRARY = {"names": {"en": "Library", "zh-hans": "图书馆"}, "opens": "at_once"}


def test_functions_are_read_in_the_language_of_the_reader() -> None:
    gate = {"names": {"zh-hans": "校门"}, "opens": "at_terminal", "note": {"zh-hans": "先在南门刷一次"}}
    check_functions([LIBRARY, gate])
    with override("zh-hans"):
        assert read_functions([LIBRARY, gate], None, SHANGHAI) == [
            CardFunction("图书馆", str(Opens.AT_ONCE.label), ""),
            CardFunction("校门", str(Opens.AT_TERMINAL.label), "先在南门刷一次"),
        ]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-26T20:45+08:00", "works from 8:00 tomorrow"),
        ("2026-11-26T23:59+08:00", "works from 8:00 tomorrow"),
        ("2026-11-27T00:00+08:00", "works from 8:00 today"),
        ("2026-11-27T07:59+08:00", "works from 8:00 today"),
        ("2026-11-27T08:00+08:00", "works now"),
        ("2027-01-01T00:00+08:00", "works now"),
    ],
)
def test_a_function_that_opens_the_next_day_says_so_on_the_first_day_only(now: str, words: str) -> None:
    activated_at = datetime.fromisoformat("2026-11-26T20:45+08:00")
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        (canteen,) = read_functions([LIBRARY | {"opens": "next_day"}], activated_at, SHANGHAI)
    assert canteen.opens == words


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-26T20:45+08:00", "works from 8:00 on 27 November 2026"),
        ("2026-11-27T07:59+08:00", "works from 8:00 on 27 November 2026"),
        ("2026-11-27T08:00+08:00", "works now"),
    ],
)
def test_a_record_to_keep_names_the_day_on_which_a_function_opens(now: str, words: str) -> None:
    activated_at = datetime.fromisoformat("2026-11-26T20:45+08:00")
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        (canteen,) = read_functions([LIBRARY | {"opens": "next_day"}], activated_at, SHANGHAI, kept=True)
    assert canteen.opens == words


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ({}, "list"),
        (["Library"], "Function 1"),
        ([LIBRARY, {"names": {"en": ""}, "opens": "at_once"}], "Function 2"),
        ([{"names": {"en": "Library"}, "opens": "some day"}], "at_terminal"),
        ([LIBRARY | {"note": "at the gate"}], "note"),
    ],
)
def test_functions_of_another_shape_are_refused_with_their_place(stored: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        check_functions(stored)


GOOD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 24 24">'
    '<!-- a mark --><title>Mark</title><defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs>'
    '<path id="p" d="M0 0h24v24z" fill="url(#g)"/><use xlink:href="#p"/></svg>'
)


def test_a_drawing_is_taken() -> None:
    check_logo(GOOD)


@pytest.mark.parametrize(
    "svg",
    [
        "not a picture",
        "<g/>",
        "<svg>",
        "<svg>" + " " * 4096 + "</svg>",
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>',
        '<!--><!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>',
        "<svg><script>x()</script></svg>",
        '<svg xmlns:s="http://www.w3.org/2000/svg"><s:script>x()</s:script></svg>',
        "<svg><style>*{}</style></svg>",
        '<svg onload="x()"/>',
        '<svg><path ONCLICK="x()"/></svg>',
        '<svg><use href="https://example.org/#x"/></svg>',
        '<svg xmlns:l="http://www.w3.org/1999/xlink"><use l:href="data:image/svg+xml,x"/></svg>',
        '<svg><path fill="url(https://example.org/x)"/></svg>',
        '<svg><path style="fill:red"/></svg>',
        '<svg><a href="#x"/></svg>',
        "<svg><foreignObject/></svg>",
        "<svg><image/></svg>",
    ],
)
def test_what_is_more_than_a_drawing_is_refused(svg: str) -> None:
    with pytest.raises(ValidationError, match="logo"):
        check_logo(svg)
