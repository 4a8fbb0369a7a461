"""Addresses of statements."""

from django.urls import path

from statements.views.statement import StatementDownload, StatementPage

app_name = "statements"
urlpatterns = [
    path("cards/<uuid:card_id>/transactions/", StatementPage.as_view(), name="statement"),
    path("cards/<uuid:card_id>/transactions/download/", StatementDownload.as_view(), name="download"),
]
