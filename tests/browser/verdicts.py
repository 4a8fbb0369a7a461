"""P7 to P9: the waiting page, and what it may end in."""

from datetime import timedelta

from django.utils import timezone

from activation.models import ActivationAttempt
from activation.tests.browser import Browser
from activation.tests.journey import at_wait
from activation.tests.worker import verify_all
from messaging.models import Message
from tests.browser.steps import card


def waiting(**changes: object) -> Browser:
    browser = at_wait(card())
    if changes:
        ActivationAttempt.objects.update(**changes)
    browser.open(browser.at)
    return browser


def ended(verdict: str, page: str) -> Browser:
    browser = waiting(verdict=verdict, verdict_at=timezone.now(), closed_at=timezone.now())
    browser.open(browser.at.replace("wait", page))
    return browser


def passed() -> Browser:
    browser = at_wait(card())
    verify_all()
    browser.open(browser.at)
    return browser


def done() -> Browser:
    browser = passed()
    browser.open(browser.at.replace("wait", "done"))
    return browser


def told() -> Browser:
    """One of the two notices has arrived, the other has not."""
    browser = done()
    at = timezone.now()
    Message.objects.filter(channel="sms").update(sent_at=at, delivered_at=at)
    Message.objects.filter(channel="email").update(sent_at=at, undelivered_at=at)
    browser.open(browser.at)
    return browser


def long_ago(minutes: int) -> Browser:
    return waiting(submitted_at=timezone.now() - timedelta(minutes=minutes))


WALKS = {
    "wait": waiting,
    "wait that takes longer": lambda: long_ago(1),
    "wait without result": lambda: long_ago(5),
    "wait for a host that is down": lambda: waiting(tries=2, next_try_at=timezone.now() + timedelta(minutes=1)),
    "wait that is over": passed,
    "done": done,
    "done and told": told,
    "problem: details differ": lambda: ended("not_matched", "problem"),
    "problem: staff check": lambda: ended("needs_staff", "problem"),
    "problem: refused": lambda: ended("refused", "problem"),
    "problem: no answer": lambda: ended("no_answer", "problem"),
}
