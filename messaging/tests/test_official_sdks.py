"""Our requests and signatures beside those that the providers' own SDKs send to the same server."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from alibabacloud_dysmsapi20170525.client import Client as AliyunClient
from alibabacloud_dysmsapi20170525.models import SendSmsRequest as AliyunSendSms
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_openapi.utils import Utils as AliyunUtils
from darabonba.request import DaraRequest
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111.models import SendSmsRequest as TencentSendSms
from tencentcloud.sms.v20210111.sms_client import SmsClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client as TwilioClient

from messaging.gateways import acs3, tc3
from messaging.gateways.aliyun import AliyunGateway
from messaging.gateways.gateway import Callback, Sms
from messaging.gateways.tencent import TencentGateway
from messaging.gateways.twilio import TwilioGateway, signature
from messaging.tests.raw_server import answer, server
from messaging.tests.secrets import PHONE

SMS = Sms(
    PHONE,
    "校园卡",
    "contact_code",
    {"code": "048392", "hint": "a+b c~d*e&f=/%"},
    "048392 是您的验证码 +&=",
    "zh-hans",
    "key 1/2",
    template_id="SMS_1",
)
ALIYUN_OK = answer(b'{"Code":"OK","BizId":"1"}', more="Content-Type: application/json\r\n")
TENCENT_OK = answer(b'{"Response":{"SendStatusSet":[{"Code":"Ok","SerialNo":"1"}],"RequestId":"r"}}')
TWILIO_OK = answer(b'{"sid":"SM1","status":"queued"}', "201 Created")


class Request:
    """What came, taken apart; header names in small letters."""

    def __init__(self, raw: bytes) -> None:
        head, _empty, self.body = raw.partition(b"\r\n\r\n")
        self.first, *lines = head.decode("latin-1").split("\r\n")
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.method, self.target, _version = self.first.split()
        self.query = urlsplit(self.target).query


def aliyun_requests() -> tuple[Request, Request]:
    """Theirs and ours."""
    with server(ALIYUN_OK, ALIYUN_OK) as (url, came):
        host = urlsplit(url).netloc
        config = Config(access_key_id="key-id", access_key_secret="s@cret", endpoint=host, protocol="http")
        AliyunClient(config).send_sms(
            AliyunSendSms(
                out_id=SMS.idempotency_key,
                phone_numbers="13800138000",
                sign_name=SMS.sender,
                template_code=SMS.template_id,
                template_param=json.dumps(SMS.params, ensure_ascii=False),
            )
        )
        with AliyunGateway(f"aliyun://key-id:s%40cret@{host}/?tls=0") as gateway:
            gateway.send(SMS)
    theirs, ours = map(Request, came)
    return theirs, ours


def test_aliyun_gets_the_same_parameters_from_us_as_from_its_sdk() -> None:
    theirs, ours = aliyun_requests()
    assert ours.method == theirs.method == "POST"
    assert sorted(parse_qsl(ours.query)) == sorted(parse_qsl(theirs.query))
    for name in ("x-acs-action", "x-acs-version", "x-acs-content-sha256", "accept"):
        assert ours.headers[name] == theirs.headers[name], name


def test_aliyun_s_signer_signs_our_request_as_we_did() -> None:
    _theirs, ours = aliyun_requests()
    request = DaraRequest()
    request.method, request.pathname = "POST", "/"
    request.query = dict(parse_qsl(ours.query))
    request.headers = {name: value for name, value in ours.headers.items() if name.startswith(("host", "x-acs-"))}
    payload = ours.headers["x-acs-content-sha256"]
    expected = AliyunUtils.get_authorization(request, acs3.ALGORITHM, payload, "key-id", "s@cret")
    assert ours.headers["authorization"] == expected
    other = AliyunUtils.get_authorization(request, acs3.ALGORITHM, payload, "key-id", "another")
    assert ours.headers["authorization"] != other


def test_tencent_gets_the_same_body_from_us_as_from_its_sdk_and_we_sign_it_as_it_does() -> None:
    wanted: Any = TencentSendSms()
    wanted.PhoneNumberSet, wanted.SmsSdkAppId, wanted.TemplateId = [PHONE], "1400", SMS.template_id
    wanted.TemplateParamSet, wanted.SignName = list(SMS.params.values()), SMS.sender
    wanted.SessionContext = SMS.idempotency_key
    with server(TENCENT_OK, TENCENT_OK) as (url, came):
        host = urlsplit(url).netloc
        profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=host))
        SmsClient(Credential("key-id", "s@cret"), "ap-nanjing", profile).SendSms(wanted)
        with TencentGateway(f"tencent://key-id:s%40cret@{host}/?app=1400&region=ap-nanjing&tls=0") as gateway:
            gateway.send(SMS)
    theirs, ours = map(Request, came)
    assert json.loads(ours.body) == json.loads(theirs.body)
    for name in ("x-tc-action", "x-tc-version", "x-tc-region", "content-type"):
        assert ours.headers[name] == theirs.headers[name], name
    for request in (theirs, ours):
        expected = tc3.authorization(
            host=request.headers["host"],
            service="sms",
            body=request.body,
            key_id="key-id",
            secret="s@cret",
            at=int(request.headers["x-tc-timestamp"]),
        )
        assert request.headers["authorization"] == expected


def test_twilio_gets_the_same_form_from_us_as_from_its_sdk() -> None:
    with server(TWILIO_OK, TWILIO_OK) as (url, came):
        host = urlsplit(url).netloc
        client = TwilioClient("AC1", "s@cret")
        client.api.base_url = f"http://{host}"
        back = "https://card.example.org/receipts/twilio/t/"
        client.messages.create(to=PHONE, from_="Campus", body=SMS.text, status_callback=back)
        with TwilioGateway(f"twilio://AC1:s%40cret@{host}/?tls=0") as gateway:
            gateway.callback = back
            gateway.send(replace(SMS, sender="Campus"))
    theirs, ours = map(Request, came)
    assert ours.first == theirs.first
    assert sorted(parse_qsl(ours.body.decode())) == sorted(parse_qsl(theirs.body.decode()))
    for name in ("authorization", "content-type"):
        assert ours.headers[name] == theirs.headers[name], name


@pytest.mark.parametrize(
    "form", [{"MessageSid": "SM1", "To": PHONE, "MessageStatus": "sent", "Empty": ""}, {"B": "é & ü", "A": "=+"}]
)
def test_what_twilio_s_validator_would_sign_is_genuine_here(form: dict[str, str]) -> None:
    back = "https://card.example.org/receipts/twilio/t/"
    body = urlencode(form)
    signed = RequestValidator("token").compute_signature(back, form)
    assert signature(back, body.encode(), "token") == signed
    callback = Callback(back, "t", {"X-Twilio-Signature": signed}, body.encode())
    assert TwilioGateway("twilio://AC1:token@h/").is_genuine(callback)


def test_alibaba_s_own_example_gives_the_published_signature() -> None:
    headers = acs3.signed_headers(
        host="ecs.cn-shanghai.aliyuncs.com",
        action="RunInstances",
        version="2014-05-26",
        query=acs3.query_of(
            {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
        ),
        key_id="YourAccessKeyId",
        secret="YourAccessKeySecret",
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    assert headers["Authorization"].endswith("06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")
