"""Text messages by Alibaba Cloud (Dysmsapi, version 2017-05-25): approved texts only, named by their template code.

`aliyun://ACCESS_KEY_ID:SECRET@dysmsapi.aliyuncs.com/?region=cn-hangzhou`; the region is in the host already, and only
documents. The sender is the approved signature, without brackets.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from messaging.gateways import acs3
from messaging.gateways.answers import CHINA, entries_of, failure_of, moment, reason_of, required, word
from messaging.gateways.exchange import HttpAnswer, ProviderExchange
from messaging.gateways.gateway import GatewayUnavailable, GatewayUnfit, Outcome, OutcomeState, ReceiptEntry, Sms

VERSION = "2017-05-25"
REFUSED = {"isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT", "isv.BLACKLIST"}
UNFIT = {
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
    "isv.EXTEND_CODE_ERROR",
    "isv.INVALID_JSON_PARAM",
    "isv.INVALID_PARAMETERS",
    "isv.PARAM_LENGTH_LIMIT",
    "isv.PARAM_NOT_SUPPORT_URL",
    "isv.SIGN_NAME_ILLEGAL",
    "isv.SIGN_STATE_ILLEGAL",
    "isv.SMS_CONTENT_ILLEGAL",
    "isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE",
    "isv.SMS_SIGN_ILLEGAL",
    "isv.SMS_SIGNATURE_ILLEGAL",
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL",
    "isv.SMS_TEMPLATE_ILLEGAL",
    "isv.TEMPLATE_MISSING_PARAMETERS",
    "isv.TEMPLATE_PARAMS_ILLEGAL",
    "isv.UNSUPPORTED_CONTENT",
}
"""https://help.aliyun.com/document_detail/101346.html; what is in neither set may pass."""
CLOCKS_DIFFER = timedelta(minutes=1)
STATES: dict[str, OutcomeState] = {"1": "sent", "2": "undelivered", "3": "delivered"}


class AliyunGateway(ProviderExchange):
    name = "aliyun"
    form = "aliyun://ACCESS_KEY_ID:SECRET@dysmsapi.aliyuncs.com/"
    known_options = frozenset({"region"})
    can_be_asked = True
    receipt_answer = ('{"code": 0, "msg": "OK"}', "application/json")

    def hand_over(self, parcel: Sms) -> str:
        if not parcel.template_id:
            raise GatewayUnfit("no template id for this kind of message")
        if not parcel.sender:
            raise GatewayUnfit("no signature")
        answer = self._call(
            "SendSms",
            {
                "OutId": parcel.idempotency_key,
                "PhoneNumbers": _number(parcel.to),
                "SignName": parcel.sender,
                "TemplateCode": parcel.template_id,
                "TemplateParam": json.dumps(parcel.params, ensure_ascii=False),
            },
        )
        found = word(answer.content, "BizId")
        if not found:
            raise GatewayUnavailable(f"http {answer.status} without BizId")
        return found

    def ask(self, provider_id: str, to: str, sent_at: datetime) -> Outcome | None:
        if not to:
            return None
        # They file it under the day they took it, which around midnight is not the day we wrote that down.
        days = dict.fromkeys(f"{at.astimezone(CHINA):%Y%m%d}" for at in (sent_at, sent_at - CLOCKS_DIFFER))
        return next((found for day in days if (found := self._ask(provider_id, to, day))), None)

    def _ask(self, provider_id: str, to: str, day: str) -> Outcome | None:
        parameters = {"BizId": provider_id, "PhoneNumber": _number(to), "SendDate": day}
        answer = self._call("QuerySendDetails", parameters | {"PageSize": "1", "CurrentPage": "1"})
        found = answer.content.get("SmsSendDetailDTOs")
        details = found.get("SmsSendDetailDTO") if isinstance(found, dict) else None
        detail = details[0] if isinstance(details, list) and details and isinstance(details[0], dict) else {}
        state = STATES.get(word(detail, "SendStatus"))
        at = moment(word(detail, "ReceiveDate"), CHINA)
        return Outcome(state, at, reason_of([word(detail, "ErrCode")])) if state else None

    def parse_receipts(self, body: str, content_type: str) -> list[ReceiptEntry]:
        return entries_of(body, _entry)

    def _call(self, action: str, parameters: dict[str, str]) -> HttpAnswer:
        query = acs3.query_of(parameters)
        headers = acs3.signed_headers(
            host=self.address.netloc,
            action=action,
            version=VERSION,
            query=query,
            key_id=self.address.user,
            secret=self.address.password,
            at=datetime.now(UTC),
            nonce=uuid4().hex,
        )
        answer = self.exchange("POST", f"/?{query}", b"", headers | {"Accept": "application/json"})
        code = word(answer.content, "Code")
        if not code:
            raise GatewayUnavailable(f"http {answer.status} without a code")
        if code != "OK":
            raise failure_of(code, refused=REFUSED, unfit=UNFIT)
        return answer


def _entry(item: dict[str, Any]) -> ReceiptEntry:
    return ReceiptEntry(required(item, "biz_id"), _outcome(item), word(item, "out_id"))


def _outcome(item: dict[str, Any]) -> Outcome:
    arrived = item.get("success") is True or word(item, "success").lower() == "true"
    at = moment(word(item, "report_time"), CHINA)
    reason = "" if arrived else reason_of([word(item, "err_code")])
    return Outcome("delivered" if arrived else "undelivered", at, reason)


def _number(to: str) -> str:
    """Mainland numbers without their country code, others with it; never with a plus."""
    return to.removeprefix("+86") if to.startswith("+86") else to.removeprefix("+")
