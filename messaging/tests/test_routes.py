"""Which gateways a number is reached by, and what each of them is told for a programme."""

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from messaging import rests
from messaging.answers import Answer, Failed, Refused, Taken
from messaging.delivery import deliver_due
from messaging.gateways.gateway import GatewayRefused, GatewayUnavailable, GatewayUnfit, Mail, Sms
from messaging.models import Destination, GatewaySender, Message, ProviderTemplate
from messaging.preparing import prepare
from messaging.routes import Routes
from messaging.switchboard import Post, Switchboard
from messaging.tasks import ANSWERED_WITHIN, SECONDS_A_CHANNEL, deliver_messages
from messaging.tests.factories import make_message
from messaging.tests.secrets import PHONE, code_of
from tests.services.sms import SmsGateway

pytestmark = pytest.mark.django_db
SMS = Sms(PHONE, "校园卡", "contact_code", {"code": "048392", "minutes": "10"}, "text", "en", "key-1")


def message(programme: str = "campus") -> Message:
    return Message(kind="contact_code", programme_code=programme)


def sms_routes(*names: str) -> Routes:
    return Routes("sms", names or ("aliyun", "twilio"))


def told(routes: Routes, programme: str = "campus", gateway: str = "aliyun", parcel: Sms = SMS) -> Sms:
    found = routes.told(message(programme), parcel, gateway)
    assert isinstance(found, Sms)
    return found


def test_without_destinations_home_is_reached_by_all_in_the_default_order() -> None:
    route = sms_routes().of(SMS)
    assert (route.gateways, route.destination) == (("aliyun", "twilio"), "+86")


def test_a_destination_names_its_gateways_in_its_own_order() -> None:
    Destination.objects.create(prefix="+86", gateways=["twilio", "of_yesterday", "aliyun"])
    Destination.objects.create(prefix="+852", gateways=["twilio"])
    assert sms_routes().of(SMS).gateways == ("twilio", "aliyun")
    assert sms_routes().of(replace(SMS, to="+85251234567")).gateways == ("twilio",)
    with pytest.raises(GatewayRefused):
        sms_routes().of(replace(SMS, to="+12025550123"))


def test_a_destination_whose_gateways_are_gone_waits_rather_than_go_by_others() -> None:
    Destination.objects.create(prefix="+86", gateways=["of_yesterday"])
    with pytest.raises(GatewayUnavailable, match=r"\+86"):
        sms_routes().of(SMS)
    assert Routes("voice", ["voice"]).of(SMS).gateways == ("voice",), "its names are those of text messages"


def test_email_goes_by_the_one_gateway_it_has_without_asking_the_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    mail = Mail("a@example.com", "", "s", "t", "en", "k")
    with django_assert_num_queries(0):
        routes = Routes("email", ["smtp"])
        assert routes.of(mail).gateways == ("smtp",)
        assert routes.told(message(), mail, "smtp") is mail


def test_a_sender_is_the_programme_s_own_before_that_of_all_before_the_envelope_s() -> None:
    assert told(sms_routes()).sender == "校园卡"
    GatewaySender.objects.create(gateway="aliyun", sender="发卡方")
    GatewaySender.objects.create(programme_code="campus", gateway="aliyun", sender="某大学")
    routes = sms_routes()
    assert told(routes).sender == "某大学" and told(routes, "transit").sender == "发卡方"
    assert told(routes, gateway="twilio").sender == "校园卡"


def test_a_template_is_found_by_programme_and_language_and_gets_its_variables_in_order() -> None:
    def template(**values: object) -> None:
        ProviderTemplate.objects.create(gateway="aliyun", kind="contact_code", **values)

    template(template_id="all-zh")
    assert told(sms_routes()).template_id == "all-zh"
    assert told(sms_routes()).params == {"code": "048392"}, "what sms_fixed.txt holds"
    template(template_id="all-en", language="en", params=["minutes", "code"])
    assert told(sms_routes()).template_id == "all-en"
    assert list(told(sms_routes()).params.values()) == ["10", "048392"]
    template(template_id="campus-zh", programme_code="campus")
    assert told(sms_routes()).template_id == "campus-zh", "a programme's own goes before its language"
    assert told(sms_routes(), "transit").template_id == "all-en"
    assert told(sms_routes(), gateway="twilio").template_id == ""


def test_a_template_that_wants_what_the_message_lacks_is_for_another_gateway() -> None:
    ProviderTemplate.objects.create(gateway="aliyun", kind="contact_code", template_id="1", params=["balance"])
    with pytest.raises(GatewayUnfit, match="no balance"):
        told(sms_routes())


def handed_over(sent: Message) -> Answer:
    """What a message comes to through the gateways that the settings name."""
    parcel = prepare([sent])[sent.pk]
    assert isinstance(parcel, Sms)
    with Switchboard("sms", urgent=True) as switchboard:
        ((answered,),) = [answers for answers in switchboard.hand_over([Post(sent, parcel)]) if answers]
    return answered[1]


def test_what_the_first_gateway_has_no_template_for_goes_by_the_next_in_the_same_try(
    sms_gateway: SmsGateway, settings: Settings
) -> None:
    settings.SMS_URL = f"aliyun://id:key@127.0.0.1:9/?tls=0 backup={sms_gateway.url}"
    answer = handed_over(make_message())
    assert isinstance(answer, Taken) and answer.gateway == "backup"
    assert [body["to"] for body in sms_gateway.sent()] == [PHONE]


def test_a_gateway_that_is_down_is_passed_over_with_the_same_key_and_digits(settings: Settings) -> None:
    with SmsGateway() as first, SmsGateway() as second:
        settings.SMS_URL = f"first={first.url} second={second.url}"
        first.behaviour = "close"
        sent = make_message()
        answer = handed_over(sent)
        assert isinstance(answer, Taken) and (answer.gateway, answer.destination) == ("second", "+86")
        (lost,), (taken,) = first.all(), second.all()
        assert lost.body == taken.body, "the first may have taken it: then both arrive, and say the same"
        assert taken.body["idempotency_key"] == sent.idempotency_key
        assert taken.body["params"]["code"] == code_of(sent.subject_id)


def test_the_row_says_which_gateway_took_it_and_by_which_prefix(settings: Settings) -> None:
    with SmsGateway() as first, SmsGateway() as second:
        settings.SMS_URL = f"first={first.url} second={second.url}"
        first.behaviour = 503
        sent = make_message()
        deliver_due("sms", urgent=True, seconds=20)
    sent.refresh_from_db()
    assert (sent.gateway, sent.provider_id, sent.destination, sent.failure) == ("second", "sms-1", "+86", "")
    assert sent.sent_at is not None and sent.tries == 1, "falling over is no second try"


def test_a_destination_s_order_is_kept_and_a_number_that_is_refused_goes_no_further(settings: Settings) -> None:
    with SmsGateway() as first, SmsGateway() as second:
        settings.SMS_URL = f"first={first.url} second={second.url}"
        Destination.objects.create(prefix="+86", gateways=["second", "first"])
        second.behaviour = 400
        assert handed_over(make_message()) == Refused("second", "refused: http 400")
        assert first.all() == []


def test_all_down_is_a_failure_for_later(settings: Settings) -> None:
    with SmsGateway() as first, SmsGateway() as second:
        settings.SMS_URL = f"first={first.url} second={second.url}"
        first.behaviour = second.behaviour = 503
        assert handed_over(make_message()) == Failed("second", "http 503")
        assert len(first.all()) == len(second.all()) == 1


def test_a_gateway_that_failed_three_times_rests_while_the_other_serves(settings: Settings) -> None:
    with SmsGateway() as first, SmsGateway() as second:
        settings.SMS_URL = f"first={first.url} second={second.url}"
        first.behaviour = 503
        for _time in range(rests.FAILURES_IN_A_ROW + 2):
            assert isinstance(handed_over(make_message()), Taken)
        assert len(first.all()) == rests.FAILURES_IN_A_ROW
        assert len(second.all()) == rests.FAILURES_IN_A_ROW + 2


def test_when_the_first_took_too_long_the_message_waits_rather_than_hold_a_worker(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.switchboard.PATIENCE_SECONDS", 0.0)
    with SmsGateway() as first, SmsGateway() as second:
        settings.SMS_URL = f"first={first.url} second={second.url}"
        first.behaviour = 503
        assert handed_over(make_message()) == Failed("first", "http 503")
        assert second.all() == []


def test_a_call_to_several_gateways_still_ends_within_a_worker_s_limit(settings: Settings) -> None:
    settings.SMS_URL = "a=https://a/ b=https://b/ smpp://u:p@c/ twilio://AC1:t@d/"
    left = ANSWERED_WITHIN - SECONDS_A_CHANNEL
    assert deliver_messages.app.conf.task_soft_time_limit > ANSWERED_WITHIN
    with Switchboard("sms", urgent=True) as switchboard:
        assert switchboard.longest < left
        assert sum(gateway.longest for gateway in switchboard.gateways.values()) > left, (
            "one after the other would not"
        )
