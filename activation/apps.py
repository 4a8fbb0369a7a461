from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivationConfig(AppConfig):
    name = "activation"
    verbose_name = _("Activation")

    def ready(self) -> None:
        from accounts import account_links, beside_cards, code_requests, stops  # noqa: PLC0415 - models can be imported only now
        from activation import answering, held, messages, own_cards, stopping  # noqa: PLC0415

        messages.register_kinds()
        held.register_all()
        account_links.register(own_cards.WORDS, "activation:own-code")
        beside_cards.register_beside(own_cards.beside_cards)
        beside_cards.register_to_do(own_cards.waiting)
        code_requests.register(answering.PURPOSE, answering.answer_code_request)
        stops.register(stopping.stop_activation)
