"""Prometheus itself asks the running product, by the settings in config/observability/: no panel is empty."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
import yaml

from tests.gunicorn import free_port, served
from tests.tenants.metrics.test_observability import FOLDER, PANELS, RULES

PROMETHEUS = shutil.which("prometheus")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PROMETHEUS is None, reason="prometheus is not installed: apt install prometheus"),
]
# No limit was hit, no worker has run, and no job waits.
NOTHING_YET = {"tenants_limits_hit_total", "tenants_worker_seen_seconds", "tenants_jobs"}


@pytest.fixture
def prometheus(tmp_path: Path, committed: None, acme_and_globex) -> Iterator[str]:
    """Its address, after it has asked a web server a few times while that answered pages."""
    port = free_port()
    with served(tmp_path) as web:
        settings = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
        settings["global"]["scrape_interval"] = "1s"
        settings["rule_files"] = [str(FOLDER / "alerts.yml")]
        [scraped] = settings["scrape_configs"]
        del scraped["authorization"]  # on this machine
        scraped["static_configs"] = [{"targets": [f"localhost:{web.port}"]}]
        (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(settings))
        options = [f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/data"]
        command = [str(PROMETHEUS), *options, f"--web.listen-address=127.0.0.1:{port}"]
        with (tmp_path / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            for _ in range(8):
                web.get("/account/login/", host="acme.localhost")
                web.get("/", host="localhost")
                time.sleep(1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def ask(address: str, path: str, **parameters: str) -> dict:
    deadline = time.monotonic() + 20
    while True:
        try:
            with urlopen(f"{address}/api/v1/{path}?{urlencode(parameters)}", timeout=10) as answer:  # noqa: S310
                return json.load(answer)["data"]
        except URLError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def test_each_panel_has_something_to_draw_and_each_alarm_is_judged(prometheus: str) -> None:
    [target] = ask(prometheus, "targets")["activeTargets"]
    assert (target["health"], target["lastError"]) == ("up", "")
    empty = set()
    for query in [target["expr"] for panel in PANELS for target in panel["targets"]]:
        found = ask(prometheus, "query", query=query.replace("$__rate_interval", "30s"))["result"]
        if not found:
            empty |= set(re.findall(r"\btenants_\w+", query))
    assert empty == NOTHING_YET
    [group] = ask(prometheus, "rules")["groups"]
    assert {rule["name"] for rule in group["rules"]} == {rule["alert"] for rule in RULES}
    assert [rule["lastError"] for rule in group["rules"] if rule.get("lastError")] == []
