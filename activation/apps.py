from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivationConfig(AppConfig):
    name = "activation"
    verbose_name = _("Activation")

    def ready(self) -> None:
        from accounts import code_requests, stops  # noqa: PLC0415 - models can be imported only now
        from activation import answering, messages, stopping  # noqa: PLC0415

        messages.register_kinds()
        code_requests.register(answering.PURPOSE, answering.answer_code_request)
        stops.register(stopping.stop_activation)
