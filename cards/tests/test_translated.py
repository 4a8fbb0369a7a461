import pytest
from django.core.exceptions import ValidationError
from django.forms import modelform_factory
from django.utils.translation import override
from pytest_django import Settings

from cards.models import Programme
from cards.tests.factories import ProgrammeFactory
from cards.translated import in_language

NamesForm = modelform_factory(Programme, fields=["names", "hotline_hours"])
NAMES = {"en": "Campus card", "zh-hans": "校园一卡通"}


def test_a_name_is_read_in_the_language_of_the_reader() -> None:
    programme = Programme(names=NAMES, issuer_names={"zh-hans": "示例大学"})
    with override("zh-hans"):
        assert programme.name == "校园一卡通"
    with override("en"):
        assert (programme.name, programme.issuer_name) == ("Campus card", "示例大学")
    assert in_language(NAMES, "zh-hans") == "校园一卡通"
    assert in_language({}) == ""
    assert in_language({"en": "", "zh-hans": "卡"}, "en") == "卡"


def test_a_form_has_one_labelled_input_for_each_language() -> None:
    html = str(NamesForm(instance=Programme(names=NAMES))["names"])
    assert html.count("<input") == html.count("<label") == 2
    assert 'value="校园一卡通"' in html
    assert '<label for="id_names_0" lang="zh-hans">简体中文</label>' in html
    assert 'id="id_names_1"' in html
    assert "placeholder" not in html


def test_a_language_that_is_added_gets_an_input(settings: Settings) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("ug", "ئۇيغۇرچە")]
    form = modelform_factory(Programme, fields=["names"])(instance=Programme())
    assert str(form["names"]).count("<input") == 3


@pytest.mark.django_db
def test_what_was_typed_is_stored_and_comes_back() -> None:
    programme = ProgrammeFactory.create()
    typed = {
        "names_zh-hans": " 交通卡 ",
        "names_en": "Transit card",
        "hotline_hours_zh-hans": "",
        "hotline_hours_en": "",
    }
    form = NamesForm(typed, instance=programme)
    assert form.is_valid(), form.errors
    form.save()
    programme.refresh_from_db()
    assert programme.names == {"zh-hans": "交通卡", "en": "Transit card"}
    assert programme.hotline_hours == {}
    assert not NamesForm(typed | {"names_zh-hans": "交通卡"}, instance=programme).has_changed()


def test_a_required_text_is_wanted_in_every_language() -> None:
    form = NamesForm({"names_zh-hans": "交通卡", "names_en": ""})
    assert not form.is_valid()
    assert "names" in form.errors
    assert "hotline_hours" not in form.errors


@pytest.mark.parametrize("value", [["Card"], {"en": 1}, "Card", {"en": {"x": "y"}}])
def test_anything_but_texts_by_language_is_refused(value: object) -> None:
    field = Programme._meta.get_field("names")
    with pytest.raises(ValidationError, match="texts by language"):
        field.clean(value, None)
