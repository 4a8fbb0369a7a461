"""Template tags of the pages: `{% load pages %}`."""

from datetime import datetime
from typing import Any

from django import template
from django.forms import BaseForm
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pages import catalogue, form_tokens, times
from pages.markup import digits, spoken_mask, with_punctuation

register = template.Library()

register.filter("digits", digits)
register.filter("spoken", spoken_mask)
register.filter("with_punctuation", with_punctuation)


@register.simple_tag
def say(message_id: str, **values: Any) -> Any:
    """A sentence of the catalogue: {% say "N2" time=until %}."""
    return catalogue.say(message_id, **values)


@register.filter
def clock(moment: datetime) -> str:
    """A moment in the programme's time zone: {{ sent_at|clock }}."""
    return times.clock(moment)


@register.filter
def day(moment: datetime) -> str:
    """The day of a moment in the programme's time zone."""
    return times.day(moment)


@register.filter
def moment_told(moment: datetime) -> str:
    """A moment with its year, for what is kept or looked at again: "29 Nov 2026, 20:45"."""
    return times.moment_told(moment)


@register.filter
def moment(at: datetime) -> str:
    """A moment to the second, with its day, in the programme's time zone."""
    return times.moment(at)


@register.simple_tag
def form_token() -> SafeString:
    """The hidden input by which a double click is known."""
    return format_html('<input type="hidden" name="{}" value="{}">', form_tokens.NAME, form_tokens.new_token())


@register.simple_tag
def mistakes(form: BaseForm) -> list[tuple[str | None, Any]]:
    """The first mistake of each field, in the order of the form: (id to jump to or None, words)."""
    if not form or not form.errors:
        return []
    found: list[tuple[str | None, Any]] = [(None, words) for words in form.non_field_errors()]
    for name in form.fields:  # the order of the page, not of the checks
        if errors := form.errors.get(name):
            field = form[name]
            jump = f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label
            found.append((None if field.is_hidden else jump, errors[0]))
    return found
