"""Addresses of the pages that belong to no app: a programme's look, and what everyone may read."""

from django.urls import path

from pages import look, standing

app_name = "pages"
urlpatterns = [
    path("theme/<slug:code>-<slug:version>.css", look.theme, name="theme"),
    path("theme/<slug:code>-<slug:version>.svg", look.logo, name="logo"),
    path("help/", standing.Help.as_view(), name="help"),
    path("privacy/", standing.Privacy.as_view(), name="privacy"),
    path("accessibility/", standing.Accessibility.as_view(), name="accessibility"),
    path("terms/", standing.Terms.as_view(), name="terms"),
]
