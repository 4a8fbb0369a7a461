"""From an envelope to the words: the templates of the kind, in the language of the message and not of the worker."""

from functools import lru_cache

from django.template import Engine, Template
from django.template.base import VariableNode

from messaging.gateways.gateway import Mail, Sms
from messaging.kinds import Envelope
from messaging.models import Message
from messaging.wording import words

FIXED_LANGUAGE = "zh-hans"


def render(message: Message, envelope: Envelope) -> Sms | Mail:
    """What a gateway of the message's channel takes. Raises TemplateDoesNotExist when the kind has no such text."""
    if message.channel == Message.Channel.EMAIL:
        return _mail(message, envelope)
    if message.channel == Message.Channel.VOICE:
        return _sms(message, envelope, _template(message, "voice.txt"), spoken=spoken(envelope.params.get("code", "")))
    if envelope.fixed_text:
        return _fixed_sms(message, envelope)
    return _sms(message, envelope, _template(message, "sms.txt"))


def _mail(message: Message, envelope: Envelope) -> Mail:
    subject = _words(_template(message, "email_subject.txt"), envelope, envelope.language)
    return Mail(
        to=envelope.to,
        sender=envelope.sender,
        subject=" ".join(subject.split()),
        text=_words(_template(message, "email.txt"), envelope, envelope.language) + "\n",
        language=envelope.language,
        idempotency_key=message.idempotency_key,
    )


def _sms(message: Message, envelope: Envelope, text: Template, **more: str) -> Sms:
    return Sms(
        to=envelope.to,
        sender=envelope.sender,
        template=message.kind,
        params=envelope.params,
        text=_words(text, envelope, envelope.language, **more),
        language=envelope.language,
        idempotency_key=message.idempotency_key,
        channel=message.channel,
    )


def _fixed_sms(message: Message, envelope: Envelope) -> Sms:
    # Approved once by the carrier, in Simplified Chinese, with its signature in front: no choice of words is left.
    template = _template(message, "sms_fixed.txt")
    names = fixed_variables(message.kind)
    return Sms(
        to=envelope.to,
        sender=envelope.sender,
        template=message.kind,
        params={name: envelope.params[name] for name in names if name in envelope.params},
        text=f"【{envelope.sender or envelope.service}】" + _words(template, envelope, FIXED_LANGUAGE),
        language=FIXED_LANGUAGE,
        idempotency_key=message.idempotency_key,
    )


def fixed_variables(kind: str) -> tuple[str, ...]:
    """The variables that the approved text of this kind holds, in its order. Raises TemplateDoesNotExist."""
    return variables(Engine.get_default().get_template(f"messages/{kind}/sms_fixed.txt"))


@lru_cache(maxsize=1000)
def variables(template: Template) -> tuple[str, ...]:
    """The names of the variables in a template's plain text, each once, in their order."""
    nodes = template.nodelist.get_nodes_by_type(VariableNode)
    return tuple(dict.fromkeys(str(node.filter_expression.var) for node in nodes if isinstance(node, VariableNode)))


def _template(message: Message, name: str) -> Template:
    return Engine.get_default().get_template(f"messages/{message.kind}/{name}")


def spoken(code: str) -> str:
    """A code as a machine reads it out: digit by digit, with a pause behind each."""
    return ", ".join(code.replace(" ", ""))


def _words(template: Template, envelope: Envelope, language: str, **more: str) -> str:
    return words(template, {**envelope.params, "service": envelope.service, **more}, language)
