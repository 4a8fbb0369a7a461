"""Tencent Cloud's gateway against a real server that answers as theirs does, and worse."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from messaging.gateways.gateway import (
    GatewayRefused,
    GatewayUnavailable,
    GatewayUnfit,
    Outcome,
    ReceiptEntry,
    ReceiptNotUnderstood,
    Sms,
)
from messaging.gateways.tencent import TencentGateway
from messaging.tests.raw_server import answer, server
from messaging.tests.secrets import PHONE

SENT_AT = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)


def an_sms(to: str = PHONE, sender: str = "校园卡", template_id: str = "1110") -> Sms:
    params = {"code": "048392", "minutes": "5"}
    return Sms(to, sender, "contact_code", params, "", "zh-hans", "key-1", template_id=template_id)


def at(url: str) -> TencentGateway:
    return TencentGateway(f"tencent://key-id:s%40cret@{urlsplit(url).netloc}/?app=1400&region=ap-nanjing&tls=0")


def response(**content: object) -> bytes:
    return answer(json.dumps({"Response": content | {"RequestId": "r"}}).encode())


def status(**content: object) -> bytes:
    return response(SendStatusSet=[content])


def send(reply: bytes, sms: Sms | None = None) -> tuple[str, dict[str, Any], str]:
    """The id it answers, the body that came, and the head of the request."""
    with server(reply) as (url, came), at(url) as gateway:
        found = gateway.send(sms or an_sms())
    head, _empty, body = came[0].decode().partition("\r\n\r\n")
    return found, json.loads(body), head


def test_an_approved_text_is_sent_by_its_id_and_variables_in_order() -> None:
    found, body, head = send(status(SerialNo="5000:1", Code="Ok", PhoneNumber=PHONE))
    assert found == "5000:1"
    assert body == {
        "PhoneNumberSet": [PHONE],
        "SmsSdkAppId": "1400",
        "TemplateId": "1110",
        "TemplateParamSet": ["048392", "5"],
        "SessionContext": "key-1",
        "SignName": "校园卡",
    }
    assert "X-TC-Action: SendSms" in head and "X-TC-Region: ap-nanjing" in head and "s@cret" not in head


def test_a_number_abroad_needs_no_signature_but_one_at_home_does() -> None:
    assert "SignName" not in send(status(SerialNo="1", Code="Ok"), an_sms("+85251234567", sender=""))[1]
    with server() as (url, came), at(url) as gateway:
        for lacking in (an_sms(sender=""), an_sms(template_id="")):
            with pytest.raises(GatewayUnfit, match=r"^no "):
                gateway.send(lacking)
    assert came == []


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("InvalidParameterValue.IncorrectPhoneNumber", GatewayRefused),
        ("FailedOperation.PhoneNumberInBlacklist", GatewayRefused),
        ("FailedOperation.TemplateIncorrectOrUnapproved", GatewayUnfit),
        ("LimitExceeded.PhoneNumberThirtySecondLimit", GatewayUnavailable),
        ("FailedOperation.InsufficientBalanceInSmsPackage", GatewayUnavailable),
        ("InternalError.Timeout", GatewayUnavailable),
        ("AuthFailure.SignatureFailure", GatewayUnavailable),
    ],
)
def test_a_code_says_whether_it_may_pass(code: str, failure: type[Exception]) -> None:
    for reply in (status(Code=code, Message=f"{PHONE} 048392"), response(Error={"Code": code, "Message": PHONE})):
        with pytest.raises(failure, match=f"^{code}$") as raised:
            send(reply)
        assert type(raised.value) is failure


@pytest.mark.parametrize(
    "reply",
    [
        *(answer(b""), answer(b"[]"), answer(b'{"Response": []}'), answer(b"", "502 Bad Gateway"), b""),
        *(response(), response(SendStatusSet=[]), response(SendStatusSet=["Ok"]), status(Code="Ok"), status(Code=7)),
        *(response(Error="bad"), response(Error={"Code": f"{PHONE} 048392"})),
    ],
)
def test_a_broken_answer_is_tried_again_and_repeats_nothing(reply: bytes) -> None:
    with pytest.raises(GatewayUnavailable) as raised:
        send(reply)
    assert not any(secret in str(raised.value) for secret in ("048392", "13800138000", "s@cret"))


def look_up(reply: bytes) -> tuple[Outcome | None, dict[str, Any]]:
    with server(reply) as (url, came), at(url) as gateway:
        return gateway.look_up("5000:1", PHONE, SENT_AT), json.loads(came[0].partition(b"\r\n\r\n")[2])


def test_a_message_is_found_among_those_to_the_number_since_it_was_sent() -> None:
    other = {"SerialNo": "4999:1", "ReportStatus": "FAIL"}
    ours = {"SerialNo": "5000:1", "ReportStatus": "SUCCESS", "UserReceiveTime": 1795624262}
    outcome, body = look_up(response(PullSmsSendStatusSet=[other, ours]))
    assert outcome == Outcome("delivered", datetime.fromtimestamp(1795624262, UTC))
    assert body["PhoneNumber"] == PHONE and body["BeginTime"] <= SENT_AT.timestamp() < body["EndTime"]
    assert look_up(response(PullSmsSendStatusSet=[other]))[0] is None
    assert look_up(response())[0] is None


def test_their_receipts_are_read() -> None:
    told = {"mobile": "13800138000", "nationcode": "86", "sid": "5000:1", "user_receive_time": "2026-11-26 00:30:02"}
    good = told | {"report_status": "SUCCESS", "errmsg": "DELIVRD", "description": "用户短信送达成功"}
    bad = told | {"report_status": "FAIL", "errmsg": "UNDELIV"}
    arrived = datetime(2026, 11, 25, 16, 30, 2, tzinfo=UTC)
    parse = TencentGateway("tencent://a:b@h/?app=1").parse_receipts
    assert parse(json.dumps([good, bad]), "application/json") == [
        ReceiptEntry("5000:1", Outcome("delivered", arrived)),
        ReceiptEntry("5000:1", Outcome("undelivered", arrived, "UNDELIV")),
    ]
    for broken in ("", "[7]", "[{}]", '[{"sid": "1"}]', '[{"report_status": "FAIL"}]'):
        with pytest.raises(ReceiptNotUnderstood):
            parse(broken, "application/json")
