"""The pages everyone may read: help, privacy, accessibility, terms (P21)."""

from django.utils.translation import gettext_lazy as _

from pages.views import Page


class Help(Page):
    template_name = "pages/help.html"
    title = _("Help with your card")
    personal = False


class Privacy(Page):
    template_name = "pages/privacy.html"
    title = _("How we use your information")
    personal = False


class Accessibility(Page):
    template_name = "pages/accessibility.html"
    title = _("Accessibility")
    personal = False


class Terms(Page):
    template_name = "pages/terms.html"
    title = _("Terms of use")
    personal = False
