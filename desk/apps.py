from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from desk.roles import make_roles


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        post_migrate.connect(make_roles, sender=self, dispatch_uid="desk.make_roles")


class DeskAdminConfig(admin_apps.AdminConfig):
    """Django's admin, with our site."""

    default = False  # of this room, whose own is above
    default_site = "desk.site.DeskSite"
