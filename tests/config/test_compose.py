"""The rules of docker-compose.yml, on one server and on nodes."""

import re
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from config import brand
from tenants.jobs.lanes import chosen
from tests.config.compose import CITUS, COMPOSE, ON_NODES, SECRETS, SERVICES, filled
from tests.config.conftest import BASE_DIR

ALL = [("one server", name) for name in SERVICES] + [("nodes", name) for name in ON_NODES]
SETS = {"one server": SERVICES, "nodes": ON_NODES}
OURS = ["migrate", "web", "urgent-worker", "worker"]


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


def test_each_lane_has_a_worker() -> None:
    commands = [service.get("command", []) for service in SERVICES.values()]
    arguments = [command[3:] for command in commands if "work" in command]
    served = [
        lane for each in arguments for lane in (chosen([], each[1:]) if each[0] == "--without" else chosen(each, []))
    ]
    assert sorted(served) == sorted(settings.LANES)
