"""Callbacks in each provider's own form, from its POST to the mark on the message."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from messaging import receipts
from messaging.gateways.twilio import signature
from messaging.models import Message, Receipt
from messaging.receipt_addresses import receipt_address
from messaging.tests.callbacks import path_for
from messaging.tests.factories import make_message

pytestmark = pytest.mark.django_db
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def sent(gateway: str, provider_id: str) -> Message:
    return make_message(sent_at=timezone.now(), gateway=gateway, provider_id=provider_id)


def post(gateway: str, body: str | bytes, content_type: str = JSON, **headers: str) -> HttpResponse:
    """One callback and what it is answered; a worker looks at it."""
    answer: Any = Client().post(path_for(gateway), body, content_type=content_type, headers=headers)
    receipts.handle_due(seconds=5)
    return answer


def states(*messages: Message) -> list[str]:
    held = [Message.objects.get(pk=message.pk) for message in messages]
    return ["delivered" if one.delivered_at else "undelivered" if one.undelivered_at else "sent" for one in held]


def test_aliyun_tells_of_several_at_once_and_hears_its_code(settings: Settings) -> None:
    settings.SMS_URL = "aliyun://id:secret@dysmsapi.aliyuncs.com/"
    good, bad = sent("aliyun", "932702304080415357^0"), sent("aliyun", "932702304080415358^0")
    entry = {"phone_number": "13800138000", "report_time": "2026-11-26 11:12:13", "sms_size": "1"}
    told = [
        entry | {"success": True, "biz_id": good.provider_id, "out_id": good.idempotency_key, "err_code": "DELIVERED"},
        entry | {"success": False, "biz_id": bad.provider_id, "out_id": bad.idempotency_key, "err_code": "MK:0001"},
    ]
    answer = post("aliyun", json.dumps(told))
    assert (answer.status_code, json.loads(answer.content)) == (200, {"code": 0, "msg": "OK"})
    assert states(good, bad) == ["delivered", "undelivered"]
    assert Message.objects.get(pk=bad.pk).failure == "MK:0001"


def test_tencent_hears_its_result(settings: Settings) -> None:
    settings.SMS_URL = "tencent://id:key@sms.tencentcloudapi.com/?app=14"
    good, bad = sent("tencent", "8:abc"), sent("tencent", "8:abd")
    entry = {"user_receive_time": "2026-11-26 11:12:13", "nationcode": "86", "mobile": "13800138000"}
    told = [
        entry | {"report_status": "SUCCESS", "errmsg": "DELIVRD", "sid": "8:abc"},
        entry | {"report_status": "FAIL", "errmsg": "UNDELIV", "sid": "8:abd"},
    ]
    answer = post("tencent", json.dumps(told))
    assert (answer.status_code, json.loads(answer.content)) == (200, {"result": 0, "errmsg": "OK"})
    assert states(good, bad) == ["delivered", "undelivered"]


def test_twilio_signs_and_hears_nothing(settings: Settings) -> None:
    settings.SMS_URL = "twilio://AC1:token@api.twilio.com/?from=%2B12025550123"
    message = sent("twilio", "SM1")
    told = urlencode(
        {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30003", "To": "+8613800138000"}
    )
    forged = urlencode({"MessageSid": "SM1", "MessageStatus": "delivered"})
    right = signature(receipt_address("twilio"), told.encode(), "token")
    for body, signed in ((told, ""), (told, "AAAA"), (forged, right)):
        assert post("twilio", body, FORM, **{"X-Twilio-Signature": signed}).status_code == 403
    assert not Receipt.objects.exists() and states(message) == ["sent"]
    answer = post("twilio", told, FORM, **{"X-Twilio-Signature": right})
    assert (answer.status_code, answer.content) == (204, b"")
    assert states(message) == ["undelivered"]


def test_an_email_provider_s_web_hook_is_read_by_anymail(settings: Settings) -> None:
    pytest.importorskip("anymail")
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t", "WEBHOOK_SECRET": "user:secret"}
    message, bounced = sent("postmark", "883953f4-6105-42a2-a16a-77a8eac79483"), sent("postmark", "another")
    delivery = {
        "RecordType": "Delivery",
        "MessageID": message.provider_id,
        "Recipient": "zhang@qq.com",
        "DeliveredAt": "2026-11-26T03:33:54Z",
        "Metadata": {"key": message.idempotency_key},
    }
    bounce = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "TypeCode": 1,
        "ID": 4323372036854775807,
        "MessageID": "lost by the provider",
        "Email": "zhang@qq.com",
        "BouncedAt": "2026-11-26T03:33:54Z",
        "Metadata": {"key": bounced.idempotency_key},
    }
    secret = {"Authorization": f"Basic {base64.b64encode(b'user:secret').decode()}"}
    assert post("postmark", json.dumps(delivery)).status_code == 403
    assert states(message) == ["sent"]
    for told in (delivery, bounce):
        assert post("postmark", json.dumps(told), **secret).status_code == 204
    assert states(message, bounced) == ["delivered", "undelivered"]
    assert post("postmark", b"\xff<html>", **secret).status_code == 204
    assert Receipt.objects.latest("pk").failure.startswith("not understood")
