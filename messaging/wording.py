"""What a template says, rendered once for a language and then only filled in.

Rendering costs a tenth of a millisecond, and a campaign says the same to everybody but for a few words. So a template
is rendered with marks in the place of its params and cut at the marks. This is done only where a param can change
nothing but its own place: it stands bare, without a filter, and a condition asks only whether there is one. Every
other template is rendered by Django each time.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.template import Context, Node, Template
from django.template.base import FilterExpression, TextNode, TokenType, VariableNode
from django.template.defaulttags import CommentNode, IfNode, LoadNode, TemplateLiteral
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation

NAME = re.compile(r"[a-z_]+")
MARK = re.compile("\ue000([a-z_]+)\ue000")  # a character of Unicode's private use area: no language's catalogue has it


def words(template: Template, params: Mapping[str, str], language: str) -> str:
    """The template's plain text in this language. No HTML: escaping would turn an apostrophe into `&#x27;`."""
    used = names_used(template)
    if used is None or not used.all <= params.keys():
        return _render(template, params, language)
    parts = _cut(template, language, frozenset(name for name in used.asked_for if params[name]))
    # Every second part is the name of a param.
    return "".join([params[part] if odd else part for part, odd in parts]).strip()


@dataclass(frozen=True, slots=True)
class Names:
    """The params of a template that may be filled in: `all`, and those that a condition asks for."""

    all: frozenset[str]
    asked_for: frozenset[str]


class _CannotBeCut(Exception):
    """A param may change more than its own place."""


@lru_cache(maxsize=1000)
def names_used(template: Template) -> Names | None:
    """The params of a template; None when it has to be rendered each time."""
    shown: set[str] = set()
    asked_for: set[str] = set()
    try:
        _read(template.nodelist, shown, asked_for)
    except _CannotBeCut:
        return None
    return Names(frozenset(shown | asked_for), frozenset(asked_for))


@lru_cache(maxsize=1000)
def _cut(template: Template, language: str, given: frozenset[str]) -> tuple[tuple[str, bool], ...]:
    """The text between the places, and the names of the places (with True), in turns."""
    used = names_used(template) or Names(frozenset(), frozenset())
    absent = used.asked_for - given
    marks = {name: "" if name in absent else f"\ue000{name}\ue000" for name in used.all}
    return tuple((part, bool(n % 2)) for n, part in enumerate(MARK.split(_render(template, marks, language))))


def _render(template: Template, params: Mapping[str, str], language: str) -> str:
    with translation.override(language):
        return template.render(Context(dict(params), autoescape=False)).strip()


def _read(nodes: Iterable[Node], shown: set[str], asked_for: set[str]) -> None:
    """Collect the names; raises _CannotBeCut at the first node that does more than show them or ask for them."""
    for node in nodes:
        match node:
            case TextNode() | CommentNode() | LoadNode():
                pass
            case VariableNode():
                shown.add(_bare(node.filter_expression))
            case IfNode():
                for condition, branch in node.conditions_nodelists:
                    if isinstance(condition, TemplateLiteral):
                        asked_for.add(_bare(condition.value))
                    elif condition is not None:  # which is what `else` has
                        raise _CannotBeCut
                    _read(branch, shown, asked_for)
            case BlockTranslateNode(asvar=None, message_context=None) if not (node.plural or node.extra_context):
                names = {token.contents for token in node.singular if token.token_type == TokenType.VAR}
                if not all(NAME.fullmatch(name) for name in names):
                    raise _CannotBeCut
                shown |= names
            case TranslateNode(asvar=None, message_context=None) if node.filter_expression.var.lookups is None:
                pass
            case _:
                raise _CannotBeCut


def _bare(expression: object) -> str:
    """The name in `{{ name }}`."""
    if not isinstance(expression, FilterExpression) or expression.filters or not NAME.fullmatch(str(expression.var)):
        raise _CannotBeCut
    return str(expression.var)
