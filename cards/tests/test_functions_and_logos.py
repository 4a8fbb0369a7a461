"""The two things of a programme that issuers write freely: their shape is checked, and they can do no harm."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from cards.functions import CardFunction, Opens, check_functions, read_functions
from cards.logos import check_logo

LIBRARY = {"names": {"en": "Library", "zh-hans": "图书馆"}, "opens": "at_once"}


def test_functions_are_read_in_the_language_of_the_reader() -> None:
    gate = {"names": {"zh-hans": "校门"}, "opens": "at_terminal", "note": {"zh-hans": "先在南门刷一次"}}
    check_functions([LIBRARY, gate])
    with override("zh-hans"):
        assert read_functions([LIBRARY, gate]) == [
            CardFunction("图书馆", Opens.AT_ONCE, ""),
            CardFunction("校门", Opens.AT_TERMINAL, "先在南门刷一次"),
        ]


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
