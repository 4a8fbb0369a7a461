from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatementsConfig(AppConfig):
    name = "statements"
    verbose_name = _("Statements")

    def ready(self) -> None:
        from accounts import account_links, activity, beside_cards  # noqa: PLC0415 - models can be imported only now
        from accounts.binding.rights import Right  # noqa: PLC0415
        from cards import issuer_hosts  # noqa: PLC0415
        from messaging import kinds  # noqa: PLC0415
        from statements import happened, held, hosts, messages, my_cards  # noqa: PLC0415

        held.register_all()
        issuer_hosts.register(hosts.StatementsHost())

        beside_cards.register_beside(my_cards.beside_cards, Right.STATEMENT)
        beside_cards.register_to_do(my_cards.unread_alerts)
        account_links.register(my_cards.ALERTS, "statements:alerts")
        activity.register(happened.alerts)
        messages.register_not_me()
        for kind in messages.KINDS:
            kinds.register(kind)
