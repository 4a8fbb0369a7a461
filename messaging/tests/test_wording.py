"""Texts that are rendered once and filled in: always what Django would have rendered."""

import itertools
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Engine, Template
from django.utils import translation

from messaging.wording import names_used, words

OURS = sorted(Path(settings.BASE_DIR, "templates", "messages").rglob("*.txt"))
AWKWARD = [
    "",
    " ",
    "7391 0264 8853",
    "O'Neil & <Söhne>",
    "100 %(tail)s {{ code }}",
    "王小明\n2",
    "\\1 \ue000tail\ue000",
]


def rendered(template: Template, params: dict[str, str], language: str) -> str:
    with translation.override(language):
        return template.render(Context(params, autoescape=False)).strip()


def text(source: str) -> Template:
    return Engine.get_default().from_string("{% load i18n %}" + source)


@pytest.mark.parametrize("path", OURS, ids=lambda path: f"{path.parent.name}/{path.name}")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_of_our_texts_reads_as_django_renders_it_whatever_the_params_are(path: Path, language: str) -> None:
    template = Engine.get_default().get_template(f"messages/{path.parent.name}/{path.name}")
    used = names_used(template)
    assert used is not None, "it costs ten times as much: show params bare, and ask only whether they are there"
    for start, step in itertools.product(range(len(AWKWARD)), (0, 1, 3)):
        values = [AWKWARD[(start + n * step) % len(AWKWARD)] for n in range(len(used.all))]
        params = dict(zip(sorted(used.all), values, strict=True))
        assert words(template, params, language) == rendered(template, params, language)


@pytest.mark.parametrize(
    "source",
    [
        "{{ code|upper }}",
        "{{ code.0 }}",
        "{% if code == 'a' %}yes{% else %}no{% endif %}",
        "{% if not code %}no{% endif %}",
        "{% if code and tail %}both{% endif %}",
        "{% with shown=code %}{{ shown }}{% endwith %}",
        "{% for letter in code %}{{ letter }}-{% endfor %}",
        "{% blocktranslate with shown=code|upper %}It is {{ shown }}.{% endblocktranslate %}",
        "{% blocktranslate %}It is {{ code|upper }}.{% endblocktranslate %}",
        "{% translate code %}",
        "{% if code|length > 1 %}long{% endif %}",
    ],
)
def test_where_a_param_decides_more_than_its_place_django_renders(source: str) -> None:
    template = text(source)
    assert names_used(template) is None
    for code in ("", "a", "b", "abc"):
        params = {"code": code, "tail": "1"}
        assert words(template, params, "en") == rendered(template, params, "en")


def test_a_text_whose_param_is_missing_reads_as_django_renders_it() -> None:
    template = text("a{{ code }}b{% if tail %}c{% endif %}")
    assert words(template, {}, "en") == rendered(template, {}, "en") == "ab"


def test_a_condition_follows_each_message_s_own_params() -> None:
    template = text("{% if hotline %}Call {{ hotline }}.{% else %}Wait.{% endif %}")
    said = [words(template, {"hotline": hotline}, "en") for hotline in ("1", "", "22", "")]
    assert said == ["Call 1.", "Wait.", "Call 22.", "Wait."]


def test_what_is_kept_holds_no_param() -> None:
    template = text("Your code is {{ code }}.")
    assert words(template, {"code": "739102"}, "en") == "Your code is 739102."
    assert words(template, {"code": "048392"}, "en") == "Your code is 048392."
