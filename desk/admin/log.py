"""Who changed programmes and staff. And the roles, which are not shown: `desk.roles` is their one truth."""

import json

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.logged import told_change
from desk.reading import ReadOnlyAdmin
from desk.sign_in import LOCKED

admin.site.unregister(Group)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Changes of programmes and staff; what is done to a card is an event of the card."""

    list_display = ("action_time", "user", "content_type", "object_repr", "what")
    fields = ("action_time", "user", "content_type", "object_repr", "what")
    related = ("user", "content_type")

    @admin.display(description=gettext_lazy("What was done"))
    def what(self, entry: LogEntry) -> str:
        """One sentence, in the language of the reader."""
        told = json.loads(entry.change_message) if entry.change_message.startswith("[") else []
        for part in told:
            if LOCKED in part:
                return _(
                    "Sign-in locked for 15 minutes after too many wrong passwords, the last from %(network)s."
                ) % {"network": part[LOCKED] or "-"}
        if entry.is_change():
            return told_change(entry)
        return entry.get_action_flag_display()
