"""The first page tells staff what needs attention, in their language and in a few looks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from desk import attention
from desk.attention import what_needs_attention
from desk.tests.conftest import SignIn, staff_as
from messaging.budgets import TO_A_PREFIX
from messaging.models import Destination, Message
from messaging.notices import Cause, tell_staff
from messaging.tests.factories import make_message, make_messages
from tests.plans import as_new, plan_of
from vault import limits

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def texts() -> list[str]:
    return [item.text for item in what_needs_attention()]


def test_where_all_is_well_nothing_is_said(signed_in: SignIn) -> None:
    make_messages(3)
    make_message(dead_at=timezone.now() - timedelta(hours=25))
    make_message(channel="letter", urgent=False, next_try_at=timezone.now() + timedelta(days=4))
    Destination.objects.create(prefix="+86")
    assert what_needs_attention() == []
    assert "What needs attention" not in signed_in("agent").get(reverse("admin:index")).content.decode()


def test_a_stopped_prefix_is_told_and_when_it_is_tried_again() -> None:
    Destination.objects.create(prefix="+86", tripped_at=timezone.now())
    assert texts()[0].startswith("+86: nothing is sent there since ")
    Destination.objects.update(tripped_at=timezone.now() - HOUR)
    assert texts()[0].startswith("+86: few messages are sent there since ")


def test_a_used_up_budget_is_told_until_its_window_ends() -> None:
    now = timezone.now()
    Destination.objects.create(prefix="+86", daily_budget=1)
    limits.take({(TO_A_PREFIX[Cause.BUDGET_A_DAY], "+86"): 1})
    tell_staff(Cause.BUDGET_A_DAY, prefix="+86", window="1", at=now, until=now + HOUR)
    tell_staff(Cause.BUDGET_AN_HOUR, prefix="+86", window="1", at=now - HOUR, until=now)
    (text,) = texts()
    assert text.startswith("The daily budget of +86 is used up until ")


def test_a_notice_goes_when_staff_have_mended_its_cause() -> None:
    now = timezone.now()
    china = Destination.objects.create(prefix="+86", hourly_budget=2, daily_budget=2)
    for cause, limit in TO_A_PREFIX.items():
        assert limits.take({(replace(limit, tries=2), "+86"): 2})
        tell_staff(cause, prefix="+86", window="1", at=now, until=now + HOUR)
    tell_staff(Cause.NOT_ALLOWED, prefix="+44", window="1", at=now, until=now + HOUR)
    tell_staff(Cause.NOT_ALLOWED, prefix="+1", window="1", at=now, until=now + HOUR)
    assert len(texts()) == 4
    china.hourly_budget = 3
    china.save()
    assert not any("hourly" in text for text in texts()) and len(texts()) == 3
    china.daily_budget = None
    china.save()
    britain = Destination.objects.create(prefix="+44", allowed=False)
    assert len(texts()) == 2
    britain.allowed = True
    britain.save()
    Destination.objects.create(prefix="+1")
    jamaica = Destination.objects.create(prefix="+1876", allowed=False)
    assert ["+1," in text for text in texts()] == [True], "a part of it is not allowed"
    jamaica.delete()
    assert texts() == []


def test_who_can_do_nothing_about_it_is_told_only_what_explains_a_missing_code(signed_in: SignIn) -> None:
    make_message(dead_at=timezone.now())
    Destination.objects.create(prefix="+86", tripped_at=timezone.now())
    listed = reverse("admin:messaging_destination_changelist")
    pages = {role: signed_in(role).get(reverse("admin:index")).content.decode() for role in ("agent", "operator")}
    assert all("+86: nothing is sent there since " in page for page in pages.values())
    assert ["failed for good" in page for page in pages.values()] == [False, True]
    assert [f'<li><a href="{listed}">+86' in page for page in pages.values()] == [False, True]


def test_dead_letters_of_the_last_day_are_counted_up_to_a_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    make_message(dead_at=timezone.now())
    assert texts() == ["1 message has failed for good in the last 24 hours."]
    make_message(dead_at=timezone.now())
    assert texts() == ["2 messages have failed for good in the last 24 hours."]
    monkeypatch.setattr(attention, "COUNTED", 2)
    assert texts() == ["2 messages or more have failed for good in the last 24 hours."]


def test_letters_that_are_soon_too_late_are_told() -> None:
    soon = timezone.now() + timedelta(days=2)
    make_message(channel="letter", urgent=False, next_try_at=soon, deadline=soon)
    assert texts()[0].startswith("Letters wait to be printed; the first is dropped at ")


def test_each_sentence_leads_to_its_list(signed_in: SignIn) -> None:
    make_message(dead_at=timezone.now())
    make_message()
    client = signed_in("operator")
    html = client.get(reverse("admin:index")).content.decode()
    (item,) = what_needs_attention()
    assert f'<a href="{item.address}">' in html
    listed = client.get(item.address)
    assert listed.context["cl"].queryset.count() == 1


def test_who_may_not_see_messages_is_told_nothing(signed_in: SignIn) -> None:
    make_message(dead_at=timezone.now())
    client = signed_in("operator")
    assert "failed for good" in client.get(reverse("admin:index")).content.decode()
    nobody = staff_as("operator")
    nobody.groups.clear()
    client.force_login(nobody, backend="django.contrib.auth.backends.ModelBackend")
    assert "failed for good" not in client.get(reverse("admin:index")).content.decode()


def test_it_takes_five_looks_however_many_there_are() -> None:
    make_messages(50, dead_at=timezone.now())
    Destination.objects.create(prefix="+86", tripped_at=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        what_needs_attention()
    assert len(captured) == 5


def test_they_are_read_off_small_indexes(postgres: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        what_needs_attention()
    as_new(Message)
    table = f'"{Message._meta.db_table}"'
    plans = [plan_of(query["sql"]) for query in captured.captured_queries if table in query["sql"]]
    assert len(plans) == 2
    assert "message_dead" in plans[0] or "message_failed" in plans[0], plans  # both hold little but the dead ones
    assert "message_due" in plans[1], plans
