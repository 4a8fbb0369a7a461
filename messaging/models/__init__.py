from messaging.models.destinations import Destination
from messaging.models.gateway_rates import GatewayRate
from messaging.models.messages import WAITING, Message, MessageQuerySet
from messaging.models.notices import OperationsNotice, OperationsNoticeQuerySet
from messaging.models.provider_templates import GatewaySender, ProviderTemplate
from messaging.models.receipts import Receipt, ReceiptMention, ReceiptQuerySet
from messaging.models.tallies import Tally

__all__ = [
    "WAITING",
    "Destination",
    "GatewayRate",
    "GatewaySender",
    "Message",
    "MessageQuerySet",
    "OperationsNotice",
    "OperationsNoticeQuerySet",
    "ProviderTemplate",
    "Receipt",
    "ReceiptMention",
    "ReceiptQuerySet",
    "Tally",
]
