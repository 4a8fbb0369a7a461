"""Addresses of accounts."""

from django.urls import path

from accounts.models.loss_codes import Act
from accounts.views import cards, forgot_pin, loss_code, lost, not_me, own_loss, own_pin, pin_reminder, sign_in

app_name = "accounts"
urlpatterns = [
    path("account/sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("account/sign-in/verify/", sign_in.EnterSignInCode.as_view(), name="verify"),
    path("account/sign-out/", sign_in.SignOut.as_view(), name="sign_out"),
    path("lost/", loss_code.WhoseCard.as_view(act=Act.FREEZE), name="lost"),
    path("lost/code/", loss_code.EnterLossCode.as_view(act=Act.FREEZE), name="lost_code"),
    path("lost/which/", loss_code.WhichCard.as_view(act=Act.FREEZE), name="lost_which"),
    path("lost/done/", lost.LossDone.as_view(), name="lost_done"),
    path("lost/kept/", lost.LossKept.as_view(), name="lost_kept"),
    path("lost/replace/", lost.ReportLost.as_view(), name="lost_replace"),
    path("found/", loss_code.WhoseCard.as_view(act=Act.UNFREEZE), name="found"),
    path("found/code/", loss_code.EnterLossCode.as_view(act=Act.UNFREEZE), name="found_code"),
    path("found/which/", loss_code.WhichCard.as_view(act=Act.UNFREEZE), name="found_which"),
    path("found/done/", lost.FoundDone.as_view(), name="found_done"),
    path("not-me/", loss_code.WhoseCard.as_view(act=Act.NOT_ME), name="not_me"),
    path("not-me/code/", loss_code.EnterLossCode.as_view(act=Act.NOT_ME), name="not_me_code"),
    path("not-me/which/", loss_code.WhichCard.as_view(act=Act.NOT_ME), name="not_me_which"),
    path("not-me/done/", not_me.NotMeDone.as_view(), name="not_me_done"),
    path("not-me/<str:token>/", not_me.NotMe.as_view(), name="not_me_link"),
    path("cards/<uuid:card_id>/lost/", own_loss.FreezeOwnCard.as_view(), name="own_lost"),
    path("cards/<uuid:card_id>/found/", own_loss.UnfreezeOwnCard.as_view(), name="own_found"),
    path("cards/", cards.MyCards.as_view(), name="cards"),
    path("cards/<uuid:card_id>/pin/", own_pin.ChooseWay.as_view(), name="pin"),
    path("cards/<uuid:card_id>/pin/new/", own_pin.NewPin.as_view(), name="new_pin"),
    path("cards/<uuid:card_id>/pin/change/", own_pin.ChangePin.as_view(), name="change_pin"),
    path("cards/<uuid:card_id>/pin/done/", own_pin.PinDone.as_view(), name="pin_done"),
    path("cards/<uuid:card_id>/pin/status/", own_pin.PinDone.as_view(part=True), name="pin_status"),
    path("pin/forgot/", forgot_pin.ForgotPin.as_view(), name="forgot_pin"),
    path("pin/forgot/code/", forgot_pin.ForgottenNewPin.as_view(), name="forgot_pin_code"),
    path("pin/forgot/done/", forgot_pin.ForgottenPinDone.as_view(), name="forgot_pin_done"),
    path("account/pin-reminder/", pin_reminder.PinReminder.as_view(), name="pin_reminder"),
]
