"""Addresses of the journey. Those of an attempt carry its public reference, so that tabs and cards never mix."""

from django.urls import path

from activation.views.contact_code import ContactCodePage
from activation.views.documents import ChooseDocumentPage
from activation.views.enter_code import EnterCodePage
from activation.views.journey import StepPage
from activation.views.new_code import NewCodePage, NewCodeSentPage
from activation.views.own_code import OwnCode
from activation.views.start import GoOn, StartPage
from activation.views.stopped import StoppedPage
from activation.views.waiting import DonePage, ProblemPage, WaitPage

app_name = "activation"
ATTEMPT = "activate/<str:reference>/"
urlpatterns = [
    path("", StartPage.as_view(), name="start"),
    path("activate/enter-code/", EnterCodePage.as_view(), name="enter-code"),
    path("activate/continue/", GoOn.as_view(), name="go-on"),
    path("activate/stopped/", StoppedPage.as_view(), name="stopped"),
    path("account/activation-code/", OwnCode.as_view(), name="own-code"),
    path("code/new/", NewCodePage.as_view(), name="new-code"),
    path("code/new/sent/", NewCodeSentPage.as_view(), name="new-code-sent"),
    path(f"{ATTEMPT}confirm-identity/document/", ChooseDocumentPage.as_view(), name="choose-document"),
    path(f"{ATTEMPT}confirm-contact/code/", ContactCodePage.as_view(), name="contact-code"),
    path(f"{ATTEMPT}wait/", WaitPage.as_view(), name="wait"),
    path(f"{ATTEMPT}wait/status/", WaitPage.as_view(part=True), name="wait-status"),
    path(f"{ATTEMPT}done/", DonePage.as_view(), name="done"),
    path(f"{ATTEMPT}problem/", ProblemPage.as_view(), name="problem"),
    path(f"{ATTEMPT}<slug:slug>/", StepPage.as_view(), name="step"),
]
