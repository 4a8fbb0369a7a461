"""The addresses of callbacks."""

from django.urls import path

from messaging import views
from messaging.receipt_addresses import path_of

app_name = "messaging"
urlpatterns = [path(path_of("<slug:gateway>", "<str:token>").removeprefix("/"), views.receive, name="receive")]
