"""Addresses of accounts."""

from django.urls import path

from accounts.views import cards, sign_in

app_name = "accounts"
urlpatterns = [
    path("account/sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("account/sign-in/verify/", sign_in.EnterSignInCode.as_view(), name="verify"),
    path("account/sign-out/", sign_in.SignOut.as_view(), name="sign_out"),
    path("cards/", cards.MyCards.as_view(), name="cards"),
]
