"""Which gateway gets a parcel when one of several does not serve."""

from collections.abc import Callable

import pytest

from messaging import rests
from messaging.answers import Answer, Failed, Later, Refused, Taken
from messaging.gateways.gateway import Gateway, GatewayRefused, GatewayUnavailable, GatewayUnfit, Sms
from messaging.preparing import prepare
from messaging.routes import Routes
from messaging.switchboard import Post, Switchboard
from messaging.tests.factories import make_message

pytestmark = pytest.mark.django_db


class OneThat(Gateway[Sms]):
    """A gateway that takes a parcel, or fails as it is told to."""

    def __init__(self, name: str, failure: Exception | None = None) -> None:
        self.name, self.failure, self.calls = name, failure, 0

    def hand_over(self, parcel: Sms) -> str:
        self.calls += 1
        if self.failure:
            raise self.failure
        return f"{self.name}-1"


@pytest.fixture
def answer_of() -> Callable[..., Answer]:
    """What a message comes to at these gateways, in this order."""

    def answer(*gateways: OneThat) -> Answer:
        message = make_message()
        parcel = prepare([message])[message.pk]
        assert isinstance(parcel, Sms)
        switchboard = Switchboard("sms", urgent=True)
        switchboard.gateways = {gateway.name: gateway for gateway in gateways}
        switchboard.routes = Routes("sms", list(switchboard.gateways))
        ((answered,),) = [answers for answers in switchboard.hand_over([Post(message, parcel)]) if answers]
        return answered[1]

    return answer


DOWN, UNFIT, NEVER = GatewayUnavailable("http 503"), GatewayUnfit("too long"), GatewayRefused("http 400")


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        (None, DOWN, Taken("a", "a-1", "+86")),
        (DOWN, None, Taken("b", "b-1", "+86")),
        (UNFIT, None, Taken("b", "b-1", "+86")),
        (NEVER, None, Refused("a", "refused: http 400")),
        (DOWN, DOWN, Failed("b", "http 503")),
        (DOWN, NEVER, Refused("b", "refused: http 400")),
        (UNFIT, UNFIT, Refused("b", "refused: too long")),
        (UNFIT, DOWN, Failed("b", "http 503")),
        (DOWN, UNFIT, Failed("a", "http 503")),
        (ValueError("canary"), None, Taken("b", "b-1", "+86")),
    ],
)
def test_the_next_gateway_gets_what_the_first_does_not_take(
    first: Exception | None, second: Exception | None, answer: Answer, answer_of: Callable[..., Answer]
) -> None:
    assert answer_of(OneThat("a", first), OneThat("b", second)) == answer


def test_a_gateway_that_rests_is_passed_over_without_a_call(answer_of: Callable[..., Answer]) -> None:
    for _time in range(rests.FAILURES_IN_A_ROW):
        rests.failed("a")
    resting = OneThat("a")
    assert answer_of(resting, OneThat("b")) == Taken("b", "b-1", "+86")
    assert isinstance(answer_of(resting), Later)
    assert answer_of(resting, OneThat("b", UNFIT)) == Failed("b", "refused: too long")
    assert resting.calls == 0
