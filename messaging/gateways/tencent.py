"""Text messages by Tencent Cloud (SMS, version 2021-01-11): approved texts only, named by their template id.

`tencent://SECRET_ID:KEY@sms.tencentcloudapi.com/?app=1400000000&region=ap-guangzhou`; `app` is the SdkAppId. The
sender is the approved signature, without brackets, which only numbers of the mainland need.
"""

import json
import time
from datetime import datetime
from typing import Any

from messaging.gateways import tc3
from messaging.gateways.addresses import AddressesNotReadable
from messaging.gateways.answers import CHINA, entries_of, failure_of, moment, reason_of, required, word
from messaging.gateways.exchange import ProviderExchange
from messaging.gateways.gateway import GatewayUnavailable, GatewayUnfit, Outcome, ReceiptEntry, Sms

VERSION = "2021-01-11"
REFUSED = {
    "FailedOperation.PhoneNumberInBlacklist",
    "FailedOperation.PhoneNumberParseFail",
    "InvalidParameterValue.IncorrectPhoneNumber",
}
UNFIT = {
    "FailedOperation.ContainSensitiveWord",
    "FailedOperation.MissingSignature",
    "FailedOperation.SignatureIncorrectOrUnapproved",
    "FailedOperation.TemplateIncorrectOrUnapproved",
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
    "FailedOperation.TemplateUnapprovedOrNotExist",
    "InvalidParameterValue.ContentLengthLimit",
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
    "InvalidParameterValue.TemplateParameterFormatError",
    "InvalidParameterValue.TemplateParameterLengthLimit",
    "LimitExceeded.AppCountryOrRegionInBlacklist",
    "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone",
    "UnsupportedOperation.ContainDomesticPhoneNumber",
    "UnsupportedOperation.GlobalTemplateToChineseMainlandPhone",
    "UnsupportedOperation.UnsupportedRegion",
}
"""https://cloud.tencent.com/document/api/382/59177; what is in neither set may pass."""
STATUSES_AT_ONCE = 100
CLOCKS_DIFFER = 60  # seconds


class TencentGateway(ProviderExchange):
    name = "tencent"
    form = "tencent://SECRET_ID:KEY@sms.tencentcloudapi.com/?app=SDK_APP_ID&region=ap-guangzhou"
    known_options = frozenset({"app", "region"})
    can_be_asked = True
    receipt_answer = ('{"result": 0, "errmsg": "OK"}', "application/json")

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.app, self.region = self.address.options.get("app", ""), self.address.options.get("region", "ap-guangzhou")
        if not self.app:
            raise AddressesNotReadable(f"Write {self.form}")

    def hand_over(self, parcel: Sms) -> str:
        if not parcel.template_id:
            raise GatewayUnfit("no template id for this kind of message")
        if not parcel.sender and parcel.to.startswith("+86"):
            raise GatewayUnfit("no signature")
        wanted = {
            "PhoneNumberSet": [parcel.to],
            "SmsSdkAppId": self.app,
            "TemplateId": parcel.template_id,
            "TemplateParamSet": list(parcel.params.values()),
            "SessionContext": parcel.idempotency_key,
        }
        response = self._call("SendSms", wanted | ({"SignName": parcel.sender} if parcel.sender else {}))
        (status, *_others) = _objects(response, "SendStatusSet") or [{}]
        code = word(status, "Code")
        if code != "Ok":
            raise failure_of(code, refused=REFUSED, unfit=UNFIT)
        found = word(status, "SerialNo")
        if not found:
            raise GatewayUnavailable("an answer without SerialNo")
        return found

    def ask(self, provider_id: str, to: str, sent_at: datetime) -> Outcome | None:
        if not to:
            return None
        wanted = {
            "BeginTime": int(sent_at.timestamp()) - CLOCKS_DIFFER,
            "EndTime": int(time.time()) + CLOCKS_DIFFER,
            "Offset": 0,
            "Limit": STATUSES_AT_ONCE,
            "PhoneNumber": to,
            "SmsSdkAppId": self.app,
        }
        for status in _objects(self._call("PullSmsSendStatusByPhoneNumber", wanted), "PullSmsSendStatusSet"):
            if word(status, "SerialNo") == provider_id:
                return _outcome(word(status, "ReportStatus"), word(status, "UserReceiveTime"), "")
        return None

    def parse_receipts(self, body: str, content_type: str) -> list[ReceiptEntry]:
        return entries_of(body, _entry)

    def _call(self, action: str, wanted: dict[str, Any]) -> dict[str, Any]:
        body, at = json.dumps(wanted).encode(), int(time.time())
        headers = {
            "Authorization": tc3.authorization(
                host=self.address.netloc,
                service="sms",
                body=body,
                key_id=self.address.user,
                secret=self.address.password,
                at=at,
            ),
            "Content-Type": tc3.CONTENT_TYPE,
            "Host": self.address.netloc,
            "X-TC-Action": action,
            "X-TC-Timestamp": str(at),
            "X-TC-Version": VERSION,
            "X-TC-Region": self.region,
        }
        answer = self.exchange("POST", "/", body, headers)
        response = answer.content.get("Response")
        if answer.status != 200 or not isinstance(response, dict):
            raise GatewayUnavailable(f"http {answer.status} without a response")
        error = response.get("Error")
        if error is not None:
            code = word(error, "Code") if isinstance(error, dict) else ""
            raise failure_of(code, refused=REFUSED, unfit=UNFIT)
        return response


def _objects(response: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = response.get(name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _entry(item: dict[str, Any]) -> ReceiptEntry:
    outcome = _outcome(required(item, "report_status"), word(item, "user_receive_time"), word(item, "errmsg"))
    return ReceiptEntry(required(item, "sid"), outcome)


def _outcome(report: str, received: str, error: str) -> Outcome:
    """`SUCCESS` has arrived, `FAIL` has not; anything else is under way."""
    at = moment(received, CHINA)
    if report == "SUCCESS":
        return Outcome("delivered", at)
    return Outcome("undelivered", at, reason_of([error])) if report == "FAIL" else Outcome("sent")
