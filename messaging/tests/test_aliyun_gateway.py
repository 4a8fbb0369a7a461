"""Alibaba Cloud's gateway against a real server that answers as theirs does, and worse."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from messaging.gateways.aliyun import AliyunGateway
from messaging.gateways.gateway import (
    GatewayRefused,
    GatewayUnavailable,
    GatewayUnfit,
    Outcome,
    ReceiptEntry,
    ReceiptNotUnderstood,
    Sms,
)
from messaging.tests.raw_server import answer, server
from messaging.tests.secrets import PHONE

SENT_AT = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)


def an_sms(to: str = PHONE, sender: str = "校园卡", template_id: str = "SMS_1") -> Sms:
    return Sms(to, sender, "contact_code", {"code": "048392"}, "", "zh-hans", "key-1", template_id=template_id)


def at(url: str) -> AliyunGateway:
    return AliyunGateway(f"aliyun://key-id:s%40cret@{urlsplit(url).netloc}/?region=cn-hangzhou&tls=0")


def send(reply: bytes, sms: Sms | None = None) -> tuple[str, dict[str, str], str]:
    """The id it answers, the parameters that came, and the whole request."""
    with server(reply) as (url, came), at(url) as gateway:
        found = gateway.send(sms or an_sms())
    request = came[0].decode()
    query = urlsplit(request.split()[1]).query
    return found, {name: values[0] for name, values in parse_qs(query).items()}, request


def test_an_approved_text_is_sent_by_its_code_and_variables() -> None:
    found, parameters, request = send(answer(b'{"Code":"OK","BizId":"900^0","Message":"OK"}'))
    assert found == "900^0"
    assert json.loads(parameters.pop("TemplateParam")) == {"code": "048392"}
    assert parameters == {
        "OutId": "key-1",
        "PhoneNumbers": "13800138000",
        "SignName": "校园卡",
        "TemplateCode": "SMS_1",
    }
    assert request.startswith("POST /?") and "x-acs-action: SendSms" in request
    assert "s@cret" not in request and "Credential=key-id," in request


def test_a_number_abroad_keeps_its_country() -> None:
    _found, parameters, _request = send(answer(b'{"Code":"OK","BizId":"1"}'), an_sms("+85251234567"))
    assert parameters["PhoneNumbers"] == "85251234567"


@pytest.mark.parametrize("lacking", [{"template_id": ""}, {"sender": ""}])
def test_what_has_no_template_or_signature_here_is_for_another_gateway(lacking: dict[str, str]) -> None:
    with server() as (url, came), at(url) as gateway, pytest.raises(GatewayUnfit, match=r"^no "):
        gateway.send(an_sms(**lacking))
    assert came == []


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", GatewayRefused),
        ("isv.SMS_TEMPLATE_ILLEGAL", GatewayUnfit),
        ("isv.BUSINESS_LIMIT_CONTROL", GatewayUnavailable),
        ("isv.AMOUNT_NOT_ENOUGH", GatewayUnavailable),
        ("isp.SYSTEM_ERROR", GatewayUnavailable),
        ("SignatureDoesNotMatch", GatewayUnavailable),
        ("of.tomorrow", GatewayUnavailable),
    ],
)
@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request"])
def test_a_code_says_whether_it_may_pass(code: str, failure: type[Exception], status: str) -> None:
    with pytest.raises(failure, match=f"^{code}$") as raised:
        send(answer(json.dumps({"Code": code, "Message": f"{PHONE} 048392"}).encode(), status))
    assert type(raised.value) is failure


@pytest.mark.parametrize(
    "reply",
    [
        *(answer(b""), answer(b"<html>"), answer(b"[]"), answer(b"{}"), answer(b'{"Code":"OK"}'), b""),
        *(answer(b"", "503 Busy"), answer(b'{"Code": {"a": 1}}'), answer(b"", "302 Found", "Location: /\r\n")),
        answer(json.dumps({"Code": f"{PHONE} 048392"}).encode()),
    ],
)
def test_a_broken_answer_is_tried_again_and_repeats_nothing(reply: bytes) -> None:
    with pytest.raises(GatewayUnavailable) as raised:
        send(reply)
    assert not any(secret in str(raised.value) for secret in ("048392", "13800138000", "s@cret"))


def look_up(content: object) -> tuple[Outcome | None, str]:
    with server(answer(json.dumps(content).encode())) as (url, came), at(url) as gateway:
        return gateway.look_up("900^0", PHONE, SENT_AT), came[0].decode()


def details(**detail: object) -> dict[str, object]:
    return {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": [detail]}}


def test_a_message_is_looked_up_by_number_id_and_the_day_in_china() -> None:
    outcome, request = look_up(details(SendStatus=3, ReceiveDate="2026-11-26 00:31:02", ErrCode="DELIVERED"))
    assert outcome == Outcome("delivered", datetime(2026, 11, 25, 16, 31, 2, tzinfo=UTC), "DELIVERED")
    assert "x-acs-action: QuerySendDetails" in request
    assert "BizId=900%5E0" in request and "PhoneNumber=13800138000" in request and "SendDate=20261126" in request


def test_around_midnight_in_china_the_day_before_is_asked_for_too() -> None:
    contents: list[object] = [{"Code": "OK"}, details(SendStatus=1)]
    replies = [answer(json.dumps(content).encode(), more="Connection: close\r\n") for content in contents]
    with server(*replies) as (url, came), at(url) as gateway:
        assert gateway.look_up("900^0", PHONE, datetime(2026, 11, 25, 16, 0, 5, tzinfo=UTC)) == Outcome("sent")
    assert [b"SendDate=20261126" in came[0], b"SendDate=20261125" in came[1]] == [True, True]


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (details(SendStatus=1), Outcome("sent")),
        (
            details(SendStatus="2", ErrCode="UNDELIV"),
            Outcome("undelivered", None, "UNDELIV"),
        ),
        (details(SendStatus=9), None),
        ({"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": []}}, None),
        ({"Code": "OK"}, None),
    ],
)
def test_what_is_under_way_or_lost_is_told_apart(content: object, outcome: Outcome | None) -> None:
    assert look_up(content)[0] == outcome


def test_their_receipts_are_read() -> None:
    told = {"phone_number": "13800138000", "send_time": "2026-11-26 00:30:00", "sms_size": "1", "biz_id": "900^0"}
    good = told | {"report_time": "2026-11-26 00:30:02", "success": True, "err_code": "DELIVERED", "out_id": "key-1"}
    bad = told | {"report_time": "", "success": False, "err_code": "UNDELIV", "err_msg": "关机"}
    arrived = datetime(2026, 11, 25, 16, 30, 2, tzinfo=UTC)
    parse = AliyunGateway("aliyun://a:b@h/").parse_receipts
    assert parse(json.dumps([good, bad]), "application/json") == [
        ReceiptEntry("900^0", Outcome("delivered", arrived), "key-1"),
        ReceiptEntry("900^0", Outcome("undelivered", None, "UNDELIV")),
    ]
    for broken in ("", "7", "[{}]", '[{"success": true}]'):
        with pytest.raises(ReceiptNotUnderstood):
            parse(broken, "application/json")
