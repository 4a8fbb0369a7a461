"""Who changed programmes and staff. And the roles, which are not shown: `desk.roles` is their one truth."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group

from desk.reading import ReadOnlyAdmin

admin.site.unregister(Group)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Changes of programmes and staff; what is done to a card is an event of the card."""

    list_display = ("action_time", "user", "content_type", "object_repr", "action_flag")
    fields = ("action_time", "user", "content_type", "object_repr", "action_flag", "change_message")
    related = ("user", "content_type")
