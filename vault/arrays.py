"""Arrays as PostgreSQL reads them from text: psycopg writes a list item by item, this in one go."""

from collections.abc import Iterable


def array(values: Iterable[str | None]) -> str:
    """The literal of an array of texts, or of anything that is read from text (PostgreSQL 15, 8.15.2)."""
    return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"


def _quoted(value: str) -> str:
    if '"' in value or "\\" in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'
