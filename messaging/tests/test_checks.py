"""Production refuses gateways that write codes down; the demo and development use them."""

import pytest
from pytest_django import Settings

from messaging.checks import email_url_sends, kinds_have_texts, sms_url_sends, voice_url_sends
from messaging.kinds import Envelope, Kind, register
from messaging.models import Message
from messaging.tests.secrets import contact_code


@pytest.mark.parametrize("url", ["console:", "file:///var/sms", "memory:"])
def test_production_refuses_an_sms_gateway_that_writes_codes_down(url: str, settings: Settings) -> None:
    settings.SMS_URL = url
    for mode, ids in (("production", ["messaging.E001"]), ("demo", []), ("development", [])):
        settings.MODE = mode
        found = sms_url_sends()
        assert [error.id for error in found] == ids
        assert all("SMS_URL" in str(error.hint) for error in found)


@pytest.mark.parametrize(
    "backend",
    [
        "django.core.mail.backends.console.EmailBackend",
        "django.core.mail.backends.filebased.EmailBackend",
        "django.core.mail.backends.locmem.EmailBackend",
        "django.core.mail.backends.dummy.EmailBackend",
        "messaging.gateways.file.EmailBackend",
    ],
)
def test_production_refuses_an_email_backend_that_writes_codes_down(backend: str, settings: Settings) -> None:
    settings.EMAIL_BACKEND = backend
    for mode, ids in (("production", ["messaging.E003"]), ("demo", [])):
        settings.MODE = mode
        assert [error.id for error in email_url_sends()] == ids


def test_production_takes_gateways_that_send(settings: Settings) -> None:
    settings.MODE = "production"
    settings.SMS_URL = "https://user:secret@sms.example.com/v1"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert sms_url_sends() == [] and email_url_sends() == []


def test_production_warns_of_codes_over_an_unencrypted_connection(settings: Settings) -> None:
    settings.MODE = "production"
    settings.SMS_URL = "http://sms.example.com/v1"
    assert [warning.id for warning in sms_url_sends()] == ["messaging.W001"]
    settings.SMS_URL = "http://127.0.0.1:8025/v1"
    assert sms_url_sends() == []


@pytest.mark.parametrize("url", ["", "gopher://x", "http://", "http://host:port/", "file://relative", "console"])
def test_an_address_of_no_gateway_is_refused_everywhere(url: str, settings: Settings) -> None:
    settings.SMS_URL = url
    (error,) = sms_url_sends()
    assert error.id == "messaging.E002" and error.hint
    assert url not in error.msg or not url


PROVIDERS = [
    "aliyun://id:hunter2@dysmsapi.aliyuncs.com/?region=cn-hangzhou",
    "tencent://id:hunter2@sms.tencentcloudapi.com/?app=14&region=ap-guangzhou",
    "twilio://AC1:hunter2@api.twilio.com/?from=+12025550123",
]


def test_production_takes_several_gateways_each_of_which_sends(settings: Settings) -> None:
    settings.MODE = "production"
    settings.SMS_URL = " ".join([*PROVIDERS, "smpp://user:hunter2@127.0.0.1:2775/", "backup=https://sms.example.com"])
    settings.VOICE_URL = "https://voice.example.com/"
    assert sms_url_sends() == [] and voice_url_sends() == []
    settings.VOICE_URL = ""
    assert voice_url_sends() == []


def test_a_gateway_for_calls_is_not_called_as_one_for_text_messages(settings: Settings) -> None:
    settings.SMS_URL, settings.VOICE_URL = "voice=https://a.example.com/", "https://b.example.com/"
    assert [error.id for error in voice_url_sends()] == ["messaging.E007"]
    settings.VOICE_URL = "calls=https://b.example.com/"
    assert voice_url_sends() == []


def test_production_refuses_each_gateway_that_writes_codes_down(settings: Settings) -> None:
    settings.MODE = "production"
    settings.SMS_URL = f"{PROVIDERS[0]} console: memory:"
    settings.VOICE_URL = "console:"
    assert [error.id for error in sms_url_sends()] == ["messaging.E001"] * 2
    assert [error.id for error in voice_url_sends()] == ["messaging.E001"]
    assert "VOICE_URL" in voice_url_sends()[0].msg


@pytest.mark.parametrize("url", PROVIDERS)
def test_production_speaks_to_a_provider_encrypted_but_on_this_machine(url: str, settings: Settings) -> None:
    settings.MODE = "production"
    settings.SMS_URL = f"{url}&tls=0"
    (error,) = sms_url_sends()
    assert error.id == "messaging.E005" and "hunter2" not in f"{error.msg}{error.hint}"
    user, host = url.split("@")
    settings.SMS_URL = f"{user}@127.0.0.1:8080/?{host.partition('?')[2]}&tls=0"
    assert sms_url_sends() == []


def test_an_unencrypted_line_to_a_carrier_is_warned_of(settings: Settings) -> None:
    settings.MODE = "production"
    settings.SMS_URL = "smpp://user:hunter2@smsc.example.com:2775/"
    assert [warning.id for warning in sms_url_sends()] == ["messaging.W001"]
    settings.SMS_URL += "?tls=1"
    assert sms_url_sends() == []


@pytest.mark.parametrize(
    "url",
    [
        *("aliyun://hunter2@dysmsapi.aliyuncs.com/", "tencent://id:hunter2@sms.tencentcloudapi.com/"),
        *("twilio://AC1:hunter2@api.twilio.com/?form=x", "smpp://hunter2@smsc/", "aliyun://id:hunter2@h/?tsl=0"),
        *("a=https://hunter2@a a=https://hunter2@b", "pigeon://hunter2@h/"),
    ],
)
def test_an_address_that_lacks_something_is_refused_without_repeating_it(url: str, settings: Settings) -> None:
    settings.SMS_URL = url
    (error,) = sms_url_sends()
    assert error.id == "messaging.E002" and "hunter2" not in f"{error.msg}{error.hint}"


def test_a_kind_without_its_texts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messaging.kinds._KINDS", {})
    register(Kind("contact_code", contact_code))
    register(Kind("activation_invitation", contact_code, channels=("sms",)))
    assert kinds_have_texts() == []
    register(Kind("unwritten", contact_code))
    assert {error.id for error in kinds_have_texts()} == {"messaging.E004"} and len(kinds_have_texts()) == 4


def test_two_kinds_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def another(message: Message) -> Envelope | None:
        return None

    monkeypatch.setattr("messaging.kinds._KINDS", {})
    register(Kind("contact_code", contact_code))
    register(Kind("contact_code", contact_code))
    with pytest.raises(ValueError, match="two kinds"):
        register(Kind("contact_code", another))
