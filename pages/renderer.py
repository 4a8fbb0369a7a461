"""How every form is rendered: FORM_RENDERER = "pages.renderer.PortalRenderer"."""

from html import escape
from typing import Any

from django.forms import BoundField, Widget
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from pages.catalogue import say

# A widget does not print an attribute that is False. The server checks; browsers' own bubbles speak another language,
# vanish and cannot be found again.
UNWANTED = dict.fromkeys(("required", "maxlength", "minlength", "placeholder"), False)
WIDGETS = "django/forms/widgets/"
INPUTS = {
    f"{WIDGETS}{name}.html" for name in ("input", "text", "password", "email", "tel", "number", "hidden", "checkbox")
}
GROUPS = {f"{WIDGETS}{name}.html" for name in ("radio", "checkbox_select")}


class PortalBoundField(BoundField):
    """Django's field with the attributes of our pages (pages.md G3 and G5)."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget) | UNWANTED
        if self.use_fieldset:
            built.pop("aria-invalid", None)  # ARIA 1.2 does not allow it on a radio button
        return built

    def as_field_group(self) -> SafeString:
        """Label, hint, mistake and input, in this order; a group of radio buttons in a fieldset (pages.md G3)."""
        if self.is_hidden:
            return SafeString(self)
        text, group, box = conditional_escape, self.use_fieldset, self.widget_type == "checkbox"
        mistake = self.errors[0] if self.errors else ""
        html = [f'<div class="fg{" bad" if mistake else ""}">\n']
        if group:
            described = f' aria-describedby="{self.aria_describedby}"' if self.aria_describedby else ""
            html.append(f"<fieldset{described}><legend>{text(self.label)}</legend>\n")
        elif not box:
            html.append(f'<label for="{self.id_for_label}">{text(self.label)}</label>\n')
        if self.help_text:
            html.append(f'<div class="hint" id="{self.auto_id}_helptext">{text(self.help_text)}</div>\n')
        if mistake:
            said = f'<span class="vh">{text(say("S2"))}</span>{text(str(mistake))}'
            html.append(f'<p class="err" id="{self.auto_id}_error">{said}</p>\n')
        html.append(f'<label class="cb">{self} <span>{text(self.label)}</span></label>' if box else str(self))
        return SafeString("".join([*html, "</fieldset></div>\n" if group else "</div>\n"]))


class PortalRenderer(TemplatesSetting):
    """Django's renderer with fields written in Python: a loop over attributes in a template costs eight times."""

    bound_field_class = PortalBoundField

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name in INPUTS:
            return SafeString(_input(context["widget"]))
        if template_name in GROUPS:
            return SafeString(_group(context["widget"]))
        return super().render(template_name, context, request)


def _text(value: Any) -> str:
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def _attributes(attrs: dict[str, Any]) -> str:
    said = (
        f" {name}" if value is True else f' {name}="{_text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )
    return "".join(said)


def _input(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{_text(widget["name"])}"{value}{_attributes(widget["attrs"])}>'


def _group(widget: dict[str, Any]) -> str:
    rows = (_choice(option) for _, options, _ in widget["optgroups"] for option in options)
    return f'<div id="{widget["attrs"].get("id", "")}">{"".join(rows)}</div>'


def _choice(option: dict[str, Any]) -> str:
    label_for, label = option["attrs"].get("id", ""), _text(option["label"])
    return f'<div><label for="{label_for}">{_input(option)} <span>{label}</span></label></div>'
