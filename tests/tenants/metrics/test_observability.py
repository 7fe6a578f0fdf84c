"""config/observability/: every figure in it is one of /metrics, and Prometheus's own tool accepts its rules."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from tests.gunicorn import ROOT

FOLDER = ROOT / "config" / "observability"
RULES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0]["rules"]
PANELS: list[dict[str, Any]] = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
PROMTOOL = shutil.which("promtool")


def queries() -> list[str]:
    return [rule["expr"] for rule in RULES] + [target["expr"] for panel in PANELS for target in panel["targets"]]


def names_of(query: str) -> set[str]:
    return {name.removesuffix("_bucket") for name in re.findall(r"\btenants_\w+", query)}


@pytest.fixture
def exposed(db) -> set[str]:
    text = Client().get("/metrics", headers={"host": "localhost"}).content.decode()
    return set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))


def test_each_figure_of_dashboard_and_alarms_is_one_of_metrics(exposed):
    asked = set().union(*map(names_of, queries()))
    assert asked - exposed == set()
    assert exposed - asked == set(), "These figures are in no panel and no alarm: who looks at them?"


def test_each_figure_is_described_where_operators_look(exposed):
    docs = (ROOT / "docs" / "operations.md").read_text()
    assert {name for name in exposed if f"`{name}`" not in docs} == set()
    assert {rule["alert"] for rule in RULES if f"`{rule['alert']}`" not in docs} == set()


def test_each_alarm_says_what_is_wrong_and_how_soon():
    for rule in RULES:
        assert rule["annotations"]["summary"].endswith("."), rule
        assert rule["labels"]["severity"] in ("page", "ticket"), rule


def test_each_alarm_is_tried_both_ways():
    """`promtool test rules`: once it comes, and once it does not."""
    tried = [
        (case["alertname"], bool(case["exp_alerts"]))
        for test in yaml.safe_load((FOLDER / "alerts_test.yml").read_text())["tests"]
        for case in test["alert_rule_test"]
    ]
    assert set(tried) == {(rule["alert"], comes) for rule in RULES for comes in (True, False)}


@pytest.mark.skipif(PROMTOOL is None, reason="promtool (Debian: prometheus) is not installed")
@pytest.mark.parametrize("command", [["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]])
def test_prometheus_accepts_the_rules_and_raises_them_when_it_should(command):
    result = subprocess.run([str(PROMTOOL), *command], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.skipif(PROMTOOL is None, reason="promtool (Debian: prometheus) is not installed")
def test_prometheus_can_read_each_query_of_the_dashboard(tmp_path):
    asked = [query.replace("$__rate_interval", "5m") for query in queries()]
    rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(asked)]
    (tmp_path / "queries.yml").write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    command = [str(PROMTOOL), "check", "rules", "queries.yml"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_panels_have_places_of_their_own():
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in PANELS]
    assert len(set(places)) == len(places)
    assert Path(FOLDER, "prometheus.yml").exists()
