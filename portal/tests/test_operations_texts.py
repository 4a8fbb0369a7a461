"""docs/operations.md and its alerts name every metric there is, and no other; every sweep and command exists."""

import re

import pytest
import yaml
from django.core.management import get_commands

from portal.measures import Measures
from portal.sweeps import SCHEDULED
from portal.tests.servers import ROOT

OPERATIONS = (ROOT / "docs/operations.md").read_text()
ALERTS = (ROOT / "docs/alerts.yml").read_text()
METRIC = re.compile(r"portal_[a-z_]+")


@pytest.fixture
def metrics(db: None) -> set[str]:
    """The names that Prometheus knows, without what a histogram adds to its own."""
    return {family.name + ("_total" if family.type == "counter" else "") for family in Measures().collect()}


def test_every_metric_is_explained_and_no_other_is_named(metrics: set[str]) -> None:
    assert set(METRIC.findall(OPERATIONS)) == metrics


def test_alerts_ask_for_metrics_that_exist(metrics: set[str]) -> None:
    rules = [rule for group in yaml.safe_load(ALERTS)["groups"] for rule in group["rules"]]
    assert len(rules) >= 10
    asked = {name for rule in rules for name in METRIC.findall(rule["expr"])}
    assert asked <= metrics and len(asked) >= 8
    for rule in rules:
        assert rule["annotations"]["summary"] and rule["labels"]["severity"] in ("page", "ticket")


def test_every_sweep_that_forgets_is_in_the_table_and_on_the_schedule() -> None:
    named = set(re.findall(r"`(\w+\.tasks\.\w+)`", OPERATIONS))
    assert named <= set(SCHEDULED)
    assert {task for task in SCHEDULED if ".forget_" in task} <= named


def test_every_management_command_it_tells_to_run_exists() -> None:
    commands = set(re.findall(r"manage\.py (\w+)", OPERATIONS))
    assert commands and commands <= set(get_commands())
