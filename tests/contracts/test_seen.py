"""What is watched: dashboard and alerts name metrics that exist, and each alert has its page."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from apbot.store.tally import Tally
from apbot.web.health import exposed

REPO = Path(__file__).parents[2]
ALERTS = REPO / "ops" / "prometheus" / "alerts.yml"
DASHBOARD = REPO / "ops" / "grafana" / "apbot.json"
RUNBOOK = REPO / "docs" / "runbook.md"

NAME = re.compile(r"\bapbot_\w+")
LABELS = re.compile(r"(apbot_\w+)\{(\w+)")


def told() -> str:
    """The metrics of a house in which one of everything waits."""
    some = Tally(
        outbox={"waiting": 1},
        cases={"concern": 1},
        inbox_waiting=1,
        overdue=1,
        lateness_s=1,
        oldest_s=1,
        oldest_by_urgency={0: 1.0},
        oldest_cases={"concern": 1.0},
        sends={("sms", "sent"): 1},
        replies={"marked": 1},
        longest_wait_s=1,
    )
    return exposed(some, 1.0).decode()


def metrics() -> dict[str, set[str]]:
    """Every metric, with its labels."""
    found: dict[str, set[str]] = {}
    for line in told().splitlines():
        if not line.startswith("#"):
            name = re.split(r"[ {]", line)[0]
            found.setdefault(name, set()).update(re.findall(r"(\w+)=\"", line))
    return found


def rules() -> list[dict[str, Any]]:
    """Every alert rule."""
    return [
        rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]
    ]


def expressions() -> list[str]:
    """Everything that the dashboard and the alerts ask of Prometheus."""
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return [
        *(target["expr"] for panel in panels for target in panel["targets"]),
        *(rule["expr"] for rule in rules()),
    ]


def anchors() -> set[str]:
    """Every heading of the runbook, as a link names it."""
    heads = re.findall(r"^#+ (.+)$", RUNBOOK.read_text(), re.M)
    return {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("asked", expressions())
def test_what_is_asked_of_prometheus_exists(asked: str) -> None:
    """By its name and by its labels."""
    known = metrics()

    assert set(NAME.findall(asked)) <= known.keys()
    assert all(label in known[name] for name, label in LABELS.findall(asked))


def test_every_metric_is_on_the_dashboard_and_in_the_runbook() -> None:
    """What nobody looks at need not be counted."""
    shown = set(NAME.findall(DASHBOARD.read_text()))
    explained = set(NAME.findall(RUNBOOK.read_text()))

    assert shown == metrics().keys()
    assert explained == metrics().keys()


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_every_alert_leads_to_its_page(rule: dict[str, Any]) -> None:
    """Whoever is woken is told what to do."""
    page, _, anchor = rule["annotations"]["runbook"].partition("#")

    assert (REPO / page) == RUNBOOK
    assert anchor in anchors()
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert rule["annotations"]["summary"]
