"""docker-compose.yml: its rules, and that the commands of its containers work."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import yaml
from django.conf import settings

from config import brand
from config.bundled.server import Server
from config.health import is_healthy
from profiles.testing import needs
from tenants.jobs.lanes import chosen
from tests.config.conftest import BASE_DIR

COMPOSE: dict[str, Any] = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CITUS: dict[str, Any] = yaml.safe_load((BASE_DIR / "docker-compose.citus.yml").read_text())
# As Compose merges both files: mappings key by key, and anything else is replaced.
ON_NODES = {
    name: {
        key: {**of_base[key], **value} if isinstance(value, dict) and isinstance(of_base.get(key), dict) else value
        for key, value in (of_base | of_citus).items()
    }
    for name in SERVICES | CITUS["services"]
    for of_base, of_citus in [(SERVICES.get(name, {}), CITUS["services"].get(name, {}))]
}
ALL = [("one server", name) for name in SERVICES] + [("nodes", name) for name in ON_NODES]
SETS = {"one server": SERVICES, "nodes": ON_NODES}
OURS = ["migrate", "web", "urgent-worker", "worker"]
SECRETS = {
    "SECRET_KEY": "k" * 60,
    "DATABASE_PASSWORD": "p" * 30,
    "WEB_DATABASE_PASSWORD": "w" * 30,
    "BASE_URL": "https://shop.example",
    "EMAIL_URL": "smtp://127.0.0.1:1",
}

Start = Callable[[str], subprocess.CompletedProcess[str]]


def filled(value: str, variables: dict[str, str]) -> str:
    """Compose's interpolation of `${NAME:?why}` and `${NAME:-otherwise}`."""
    return re.sub(r"\$\{(\w+)(?::[?-]([^}]*))?\}", lambda match: variables.get(match[1], match[2] or ""), value)


# --- Rules ---


@pytest.mark.parametrize(("file", "name"), ALL)
def test_service_has_no_rights_that_it_does_not_need(file: str, name: str) -> None:
    service = SETS[file][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert int(service["user"].partition(":")[0]) > 0
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & service.keys()


@pytest.mark.parametrize(("file", "name"), ALL)
def test_service_has_a_health_check_or_ends_by_itself(file: str, name: str) -> None:
    service = SETS[file][name]
    if service["restart"] == "no":
        waiting = [other for other in SETS[file].values() if name in other.get("depends_on", {})]
        assert waiting
        for other in waiting:
            assert other["depends_on"][name]["condition"] == "service_completed_successfully"
    else:
        assert service["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize(("file", "name"), ALL)
def test_secrets_come_from_the_environment_and_are_asked_for(file: str, name: str) -> None:
    for key, value in SETS[file][name]["environment"].items():
        if re.search("KEY|PASSWORD|SECRET|TOKEN|_URL", key):
            assert value is None or re.search(r"\$\{\w+:\?[^}]+\}", value), key  # None: passed on where it is set


def test_only_the_proxy_has_a_port_and_only_for_another_one_on_the_same_machine() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["proxy"]["ports"])


def test_the_proxy_reads_whole_what_may_be_sent_before_the_web_does() -> None:
    [config] = SERVICES["proxy"]["configs"]
    caddyfile = (BASE_DIR / COMPOSE["configs"][config["source"]]["file"]).read_text()
    assert config["target"] in SERVICES["proxy"]["command"]
    [megabytes] = re.findall(r"reverse_proxy {[^}]*request_buffers (\d+)MB", caddyfile)
    assert int(megabytes) * 1_000_000 >= settings.BODY_MAX_BYTES
    # Each proxy writes the visitor's address, or its own, into the header.
    assert filled(SERVICES["web"]["environment"]["TRUSTED_PROXY_COUNT"], {}) == "2"


def test_data_and_media_are_kept_in_volumes() -> None:
    mounted = {volume.partition(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert mounted == set(COMPOSE["volumes"]) == {"backups", "data", "media"}


@pytest.mark.parametrize("compose", [COMPOSE, CITUS], ids=["one server", "nodes"])
def test_postgres_syncs_all_files_by_one_call_after_a_crash(compose: dict[str, Any]) -> None:
    commands = [service["command"] for service in compose["services"].values() if "max_locks" in str(service)]
    assert commands
    assert all("recovery_init_sync_method=syncfs" in " ".join(command) for command in commands)


def test_the_application_has_a_login_of_its_own_and_not_the_superusers() -> None:
    environment = SERVICES["postgres"]["environment"]
    for name in OURS:
        address = urlsplit(filled(SERVICES[name]["environment"]["DATABASE_URL"], SECRETS))
        web = name == "web"
        assert address.username == (f"{brand.SLUG}_web" if web else brand.SLUG)
        assert address.password == SECRETS["WEB_DATABASE_PASSWORD" if web else "DATABASE_PASSWORD"]
    assert environment.get("POSTGRES_USER", "postgres") != brand.SLUG
    assert environment["DATABASE_PASSWORD"] != environment["POSTGRES_PASSWORD"]
    [script] = SERVICES["postgres"]["configs"]
    assert script["target"].startswith("/docker-entrypoint-initdb.d/")
    assert (BASE_DIR / COMPOSE["configs"][script["source"]]["file"]).is_file()


@pytest.mark.parametrize("name", OURS)
def test_image_has_the_user_that_the_services_run_as(name: str) -> None:
    image = (BASE_DIR / "Dockerfile").read_text()
    assert f"\nUSER {SERVICES[name]['user']}\n" in image
    assert "--require-hashes" in image


def test_the_nodes_are_reached_by_the_coordinator_and_by_each_other_alone() -> None:
    """The rules of pg_hba.conf, the first of which that fits is taken."""
    nodes = CITUS["networks"]["nodes"]
    [network] = nodes["ipam"]["config"]
    coordinator = CITUS["services"]["postgres"]["networks"]["nodes"]["ipv4_address"]
    assert nodes["internal"] is True
    assert ip_address(coordinator) in ip_network(network["subnet"])
    for name in ("node-1", "node-2", "cluster"):
        assert CITUS["services"][name]["networks"] == ["nodes"]
    rules = {name: CITUS["configs"][f"{name}_access"]["content"].splitlines() for name in ("coordinator", "node")}
    trusted = {name: [rule.split()[2:4] for rule in rules[name] if rule.endswith("trust")] for name in rules}
    assert trusted["coordinator"] == [
        ["all", "trust"],
        ["postgres", "127.0.0.1/32"],
        ["postgres", network["subnet"]],
        [f"{brand.SLUG}_owner", f"{coordinator}/32"],
    ]
    assert [f"{coordinator}/32" in rule for rule in trusted["node"]] == [False, False, True, False]
    assert all(rules[name][-1].split() == ["host", "all", "all", "all", "reject"] for name in rules)
    for services in (SETS["nodes"][name] for name in ("postgres", "node-1", "node-2")):
        assert all(
            (BASE_DIR / file_of(each["source"])).is_file() for each in services["configs"] if file_of(each["source"])
        )
        assert {"-cwal_level=logical", "-ccitus.logical_replication_timeout=60s"} <= set(services["command"])


def file_of(config: str) -> str:
    return {**COMPOSE["configs"], **CITUS["configs"]}[config].get("file", "")


# --- What the containers run ---


@pytest.fixture
def container(environment: dict[str, str], folder: Path, server: Server) -> dict[str, str]:
    """A service's environment, with a new database of the bundled server in place of the container's."""
    server.ensure_running()
    server.ensure_database("shop")
    ours = {key: filled(value, SECRETS) for key, value in SERVICES["web"]["environment"].items() if value}
    host = quote(str(server.socket_folder), safe="")
    path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    replaced = {
        "DATABASE_URL": f"postgres://{brand.SLUG}@{host}:5432/shop",
        "STATIC_ROOT": str(folder / "static"),
    }
    return environment | ours | replaced | {"PATH": path, "WEB_CONCURRENCY": "1"}


def to_its_end(command: list[str], container: dict[str, str]) -> str:
    """The output of a command, which has to succeed."""
    result = subprocess.run(
        command, cwd=BASE_DIR, env=container, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@contextmanager
def running(command: list[str], container: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A running service, which has to end with status 0 when it is asked to."""
    with (
        log.open("wb") as output,
        subprocess.Popen(command, cwd=BASE_DIR, env=container, stdout=output, stderr=output) as service,
    ):
        try:
            yield service
            service.terminate()
            assert service.wait(20) == 0, log.read_text()
        finally:
            service.kill()


def until(succeeds: Callable[[], object], service: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for it, half a minute at most, while the service runs."""
    deadline = time.monotonic() + 30
    while not succeeds():
        assert service.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def get(port: int, path: str) -> http.client.HTTPResponse:
    """What the proxy gets from the web."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": "shop.example", "X-Forwarded-Proto": "https"})
    response = connection.getresponse()
    response.body = response.read()  # type: ignore[attr-defined]
    connection.close()
    return response


@pytest.mark.slow
def test_services_run_with_their_own_commands(container: dict[str, str], folder: Path, free_port: int) -> None:
    container |= {"GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{free_port}", "PORT": str(free_port)}
    to_its_end(["python", "manage.py", "collectstatic", "--noinput"], container)
    to_its_end(SERVICES["migrate"]["command"], container)

    web, log = SERVICES["web"], folder / "web.log"
    as_web = container["DATABASE_URL"].replace(f"{brand.SLUG}@", f"{brand.SLUG}_web@")
    with running(web["command"], container | {"DATABASE_URL": as_web}, log) as service:
        until(lambda: is_healthy("127.0.0.1", free_port, "shop.example"), service, log)
        to_its_end(web["healthcheck"]["test"][1:], container)
        page = get(free_port, "/")
        assert page.status == 200
        style = re.search(rb'href="(/static/[^"]+\.css)"', page.body)  # type: ignore[attr-defined]
        assert style
        assert "immutable" in (get(free_port, style[1].decode()).headers["Cache-Control"] or "")

    for name in ("urgent-worker", "worker"):
        worker, log = SERVICES[name], folder / f"{name}.log"
        with running(worker["command"], container, log) as service:
            until(partial(says, log, "Starting worker"), service, log)
            to_its_end(worker["healthcheck"]["test"][1:], container)


def says(log: Path, words: str) -> bool:
    return words in log.read_text()


def test_each_lane_has_a_worker() -> None:
    commands = [service.get("command", []) for service in SERVICES.values()]
    arguments = [command[3:] for command in commands if "work" in command]
    served = [
        lane for each in arguments for lane in (chosen([], each[1:]) if each[0] == "--without" else chosen(each, []))
    ]
    assert sorted(served) == sorted(settings.LANES)


@pytest.mark.slow
def test_unhealthy_web_is_seen(container: dict[str, str], free_port: int) -> None:
    command = SERVICES["web"]["healthcheck"]["test"][1:]
    result = subprocess.run(command, cwd=BASE_DIR, env=container | {"PORT": str(free_port)}, check=False)
    assert result.returncode == 1


@pytest.mark.slow
@needs("profiles.demo")
def test_web_does_not_start_with_the_demos_people(container: dict[str, str], free_port: int) -> None:
    development = {name: value for name, value in container.items() if name not in ("ENVIRONMENT", "BASE_URL")}
    to_its_end(["python", "manage.py", "migrate"], development)
    to_its_end(["python", "manage.py", "demo"], development)
    assert "demo's password" in refusal(container, free_port)


@pytest.mark.slow
def test_web_does_not_start_without_its_static_files(container: dict[str, str], free_port: int) -> None:
    to_its_end(SERVICES["migrate"]["command"], container)
    said = refusal(container, free_port)
    assert said.endswith(f" is not in {container['STATIC_ROOT']}: run `manage.py collectstatic` first.\n")


def refusal(container: dict[str, str], free_port: int) -> str:
    """The output of the web service, which must not start. It has to be a sentence."""
    at = {"GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{free_port}"}
    result = subprocess.run(
        SERVICES["web"]["command"],
        cwd=BASE_DIR,
        env=container | at,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    return result.stderr
