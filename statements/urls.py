"""Addresses of statements."""

from django.urls import path

from statements.views.alerts import Alerts, AlertSettingsPage
from statements.views.statement import StatementDownload, StatementPage

app_name = "statements"
urlpatterns = [
    path("alerts/", Alerts.as_view(), name="alerts"),
    path("alerts/settings/", AlertSettingsPage.as_view(), name="alert_settings"),
    path("cards/<uuid:card_id>/transactions/", StatementPage.as_view(), name="statement"),
    path("cards/<uuid:card_id>/transactions/download/", StatementDownload.as_view(), name="download"),
]
