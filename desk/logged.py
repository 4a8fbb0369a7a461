"""What the log keeps of a change."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.utils.text import capfirst
from django.utils.translation import override


class LogsInWords(ModelAdmin):  # type: ignore[type-arg]
    """Keeps the names of changed fields as the catalogue has them, so that each reader has them in their language.

    Django keeps labels as a page shows them, with a capital: of those the catalogue knows nothing.
    """

    def construct_change_message(self, request: Any, form: Any, formsets: Any, add: bool = False) -> Any:
        """Django's, with the model's own names."""
        told: Any = super().construct_change_message(request, form, formsets, add)
        with override(None):
            names = {str(capfirst(field.verbose_name)): str(field.verbose_name) for field in self.opts.fields}
        for part in told:
            changed = part.get("changed", {})
            if "fields" in changed:
                changed["fields"] = [names.get(label, label) for label in changed["fields"]]
        return told
