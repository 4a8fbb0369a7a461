import pytest

from cards.mistakes import NameNotUnderstood
from cards.names import check_name


@pytest.mark.parametrize(
    "name", ["张小明", "阿卜杜拉·买买提", "𠮷田𬎆", "\uf9d1", "ئابدۇللا", "O'Neil-Smith", "e\u0301", "2"]
)
def test_a_name_of_any_script_is_kept_as_typed(name: str) -> None:
    assert check_name(f"  {name}\n") == name


@pytest.mark.parametrize(
    ("typed", "message"), [("", "E10"), (" \u3000", "E10"), ("···", "E10"), ("-", "E10"), ("明" * 101, "E11")]
)
def test_an_empty_or_endless_name_is_refused(typed: str, message: str) -> None:
    with pytest.raises(NameNotUnderstood) as refused:
        check_name(typed)
    assert refused.value.message_id == message


def test_a_hundred_characters_are_a_name() -> None:
    assert len(check_name("𠮷" * 100)) == 100
