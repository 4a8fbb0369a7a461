from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        # These need the models, which are not there yet when this module is read.
        from accounts import activity, beside_cards, code_requests, messages, middleware, stops  # noqa: PLC0415
        from accounts.binding import codes as binding_codes  # noqa: PLC0415
        from accounts.binding import ending  # noqa: PLC0415
        from accounts.binding import messages as binding_messages  # noqa: PLC0415
        from accounts.held import own_holdings  # noqa: PLC0415
        from accounts.loss import codes as loss_codes  # noqa: PLC0415
        from accounts.loss import messages as loss_messages  # noqa: PLC0415
        from accounts.own_account import codes as account_codes  # noqa: PLC0415
        from accounts.own_account import messages as account_messages  # noqa: PLC0415
        from accounts.pins import codes as pin_codes  # noqa: PLC0415
        from accounts.pins import messages as pin_messages  # noqa: PLC0415
        from accounts.pins import on_cards as pin_on_cards  # noqa: PLC0415
        from accounts.pins import stops as pin_stops  # noqa: PLC0415
        from accounts.signing_in import codes as sign_in_codes  # noqa: PLC0415
        from accounts.signing_in import new_device  # noqa: PLC0415
        from cards import new_holders  # noqa: PLC0415
        from messaging import kinds  # noqa: PLC0415

        code_requests.register(sign_in_codes.PURPOSE, sign_in_codes.answer)
        code_requests.register(loss_codes.PURPOSE, loss_codes.answer)
        code_requests.register(pin_codes.PURPOSE, pin_codes.answer)
        code_requests.register(account_codes.PURPOSE, account_codes.answer)
        code_requests.register(binding_codes.PURPOSE, binding_codes.answer)
        for kind in messages.KINDS:
            kinds.register(kind)
        loss_messages.register_kinds()
        pin_messages.register_kinds()
        account_messages.register_kinds()
        own_holdings.register_all()
        binding_messages.register_kinds()
        new_device.register_kinds()
        beside_cards.register_beside(pin_on_cards.beside_cards)
        beside_cards.register_to_do(pin_on_cards.remind)
        stops.register(stops.stop_codes)
        stops.register(pin_stops.stop_pins)
        new_holders.register(count=ending.count_bound, end=ending.end_for_earlier_holders)
        activity.register(activity.of_account)
        activity.register(activity.of_cards)
        user_logged_in.connect(middleware.begin_session, dispatch_uid="accounts.begin_session")
        user_logged_out.connect(middleware.end_session, dispatch_uid="accounts.end_session")
