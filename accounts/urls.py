"""Addresses of accounts."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("account/sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("account/sign-in/verify/", views.EnterSignInCode.as_view(), name="verify"),
    path("account/sign-out/", views.SignOut.as_view(), name="sign_out"),
    path("cards/", views.MyCards.as_view(), name="cards"),
]
