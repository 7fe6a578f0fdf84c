"""The bench's arithmetic and its table; what it measures is measured by `make bench`."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.bench.arena import by_turns
from tests.bench.figures import ALL, BOTH_PLAIN, PLAIN, PLAIN_FAST, SINGLE, TENANTRY, Row, median, quantile
from tests.bench.load import Request, run
from tests.bench.table import amount, as_json, table
from tests.without import ROOT


def test_seconds_are_compared_with_the_better_plain_contestant():
    row = Row("sign-up", "s", {PLAIN: 1.4, PLAIN_FAST: 0.3, TENANTRY: 0.01}, BOTH_PLAIN, at_least=100)
    assert row.ratio == pytest.approx(30)
    assert row.ratio_to_default == pytest.approx(140)
    assert row.is_met is False


def test_rates_are_compared_the_other_way_round():
    row = Row("pages", "/s", {SINGLE: 200, TENANTRY: 190}, [SINGLE], at_least=0.95)
    assert row.ratio == pytest.approx(0.95)
    assert row.is_met is True
    assert row.ratio_to_default is None


@pytest.mark.parametrize(("growth", "is_met"), [(1.05, True), (1.2, False)])
def test_growth_is_its_own_ratio(growth, is_met):
    row = Row("flat", "fold", {PLAIN: 3, TENANTRY: growth}, at_most=1.1)
    assert (row.ratio, row.is_met) == (growth, is_met)


@pytest.mark.parametrize(("seconds", "is_met"), [(19.5, True), (20.5, False)])
def test_what_nothing_is_compared_with_is_judged_by_itself(seconds, is_met):
    assert Row("census", "s", {TENANTRY: seconds}, at_most=20).is_met is is_met


@pytest.mark.parametrize("figures", [{}, {PLAIN: 1}, {TENANTRY: 1}])
def test_nothing_is_claimed_without_figures(figures):
    row = Row("sign-up", "s", figures, [PLAIN], at_least=1)
    assert row.ratio is None
    assert row.is_met is None


def test_median_and_quantiles_lie_between_neighbours():
    assert median([3, 1, 2]) == 2
    assert median([4, 1, 2, 3]) == 2.5
    assert quantile(range(101), 0.95) == 95


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (72.34, "s", "72.3 s"),
        (0.0834, "s", "83.4 ms"),
        (0.0000456, "s", "45.6 µs"),
        (151.4, "/s", "151 /s"),
        (5, "", "5"),
        (1.066, "fold", "1.07×"),
        (None, "s", "–"),
    ],
)
def test_figures_read_well(value, unit, text):
    assert amount(value, unit) == text


def test_table_is_aligned_and_says_what_is_met():
    rows = [
        Row("sign-up", "s", {PLAIN: 1.4, PLAIN_FAST: 1.2, TENANTRY: 0.01}, BOTH_PLAIN, at_least=100),
        Row("a much longer name of work", "", {SINGLE: 5, TENANTRY: 5}),
    ]
    head, rule, first, second = table(rows).splitlines()
    assert len({len(line) for line in (head, rule, first, second)}) == 1
    assert first.split() == [
        "sign-up",
        "1.40",
        "s",
        "1.20",
        "s",
        "–",
        "10.0",
        "ms",
        "120×",
        "(140×)",
        "≥",
        "100",
        "yes",
    ]
    assert second.split()[-4:] == ["–", "–", "5", "5"]


def test_result_is_json():
    row = Row("sign-up", "s", {PLAIN: 1.0, TENANTRY: 0.5}, [PLAIN], at_least=1, rounds={PLAIN: [1.0]})
    assert json.loads(json.dumps(as_json(row)))["ratio"] == 2


def test_everyone_is_first_once():
    assert {by_turns(ALL, number)[0] for number in range(len(ALL))} == set(ALL)
    assert sorted(by_turns(ALL, -1)) == sorted(ALL)


class Site(BaseHTTPRequestHandler):
    """Answers with the organisation and the cookie that were sent, and 404 on /gone/."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        self.asked.append((self.headers["Host"], self.headers["Cookie"]))
        self.send_response(404 if self.path == "/gone/" else 200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"page")

    def log_message(self, *args) -> None:
        """Quiet."""


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Site.asked.clear()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_load_generator_asks_for_each_page_once(site):
    plan = [Request(host=f"{name}.localhost", path="/", cookie=name) for name in ("acme", "globex") * 10]
    result = run(site, plan, connections=2)
    assert len(result["latencies"]) == 20
    assert 0 < max(result["latencies"]) <= result["seconds"]
    assert (
        sorted(Site.asked) == [("acme.localhost", "session=acme")] * 10 + [("globex.localhost", "session=globex")] * 10
    )


def test_load_generator_takes_no_other_page_for_the_one_it_wants(site):
    with pytest.raises(RuntimeError, match="404"):
        run(site, [Request(host="acme.localhost", path="/gone/", cookie="")], connections=1)


@pytest.mark.slow
@pytest.mark.parametrize("program", ["tests.bench", "tests.torture"])
def test_it_starts_without_the_settings_of_a_product(program):
    """pytest has some, so that an import which needs them would pass here alone."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", program, "--help"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
