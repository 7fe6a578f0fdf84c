"""Caddy in front, with an authority of its own: what is live gets a certificate at the first request, all else none."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509

from profiles.testing.installed import needs
from tests.tenants.deploy_check.conftest import look, wrong
from tests.tenants.deploy_check.conftest import nameserver as nameserver_fixture
from tests.tls import BASE, ROOT, Site, manage

CADDY = shutil.which("caddy")
CADDYFILE = ROOT / "config" / "caddy" / "Caddyfile.tls"
SECRET = "q" * 30
LIVE, PENDING, MADE_UP = "people.customer.example", "pending.customer.example", "made-up.example"
ADD = f"""
from tenants.models import Domain, Tenant
from profiles.own_domains.models import OwnDomain
acme = Tenant.objects.get(slug="acme")
OwnDomain.objects.create(tenant=acme, host={LIVE!r}, state="live", proof_error="", address_error="")
OwnDomain.objects.create(tenant=acme, host={PENDING!r})
Domain.objects.create(tenant=acme, domain={LIVE!r}, is_primary=False)
"""
nameserver = nameserver_fixture
pytestmark = pytest.mark.skipif(CADDY is None, reason="caddy is not installed: apt install caddy")


def readable(file: Path) -> str:
    """The file as the installed Caddy reads it: in version 2.6, of Debian 12, an option has another name."""
    version = subprocess.run([str(CADDY), "version"], capture_output=True, text=True, check=True).stdout
    is_old = tuple(map(int, re.findall(r"\d+", version)[:2])) < (2, 8)
    return file.read_text().replace("request_buffers 12MB", "buffer_requests" if is_old else "request_buffers 12MB")


def adapted(site: Site, web: int, http: int) -> str:
    """The product's own file, with ports of this machine and Caddy's own authority instead of one on the internet."""
    ours = f"\thttp_port {http}\n\thttps_port {site.port}\n\tlocal_certs\n\tskip_install_trust\n\tadmin off\n"
    text = readable(CADDYFILE).replace("\temail {$ACME_EMAIL}\n", ours)
    text = text.replace("dynamic a web 8000 {\n\t\t\trefresh 1s\n\t\t}", f"to 127.0.0.1:{web}")
    return text.replace("web:8000", f"127.0.0.1:{web}")


def free_ports(number: int) -> list[int]:
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@contextmanager
def running(command: list[str], log: Path, port: int, **environment: str) -> Iterator[None]:
    """A server, from when it listens to its end."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + 30
        while not listens(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(30)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def ports() -> Iterator[tuple[Site, int, int]]:
    """The product behind Caddy: its https port, the web's own port, and Caddy's http port."""
    # Not below pytest's own folder, which another run of pytest closes for the account that PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="tenantry-", ignore_cleanup_errors=True) as folder:
        yield from behind_caddy(Path(folder))


def behind_caddy(folder: Path) -> Iterator[tuple[Site, int, int]]:
    https, web, http = free_ports(3)
    site = Site(folder, https)
    for command in (["migrate"], ["demo"], ["shell", "-c", ADD], ["collectstatic", "--noinput"]):
        manage(site, *command, DEBUG="0")
    (folder / "Caddyfile").write_text(adapted(site, web, http))
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{web}", "--threads", "4"]
    caddy = [str(CADDY), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    homes = {"XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    with (
        running(
            [*gunicorn, "--no-control-socket", "config.wsgi"],
            folder / "web.log",
            web,
            DJANGO_SETTINGS_MODULE="config.settings",  # pytest has that of the tests in the environment
            **site.environment(TLS_SECRET=SECRET, DEBUG="0", TRUSTED_PROXY_COUNT="1"),
        ),
        running(caddy, folder / "caddy.log", https, TLS_SECRET=SECRET, **homes),
    ):
        yield site, web, http


def get(port: int, host: str, path: str = "/") -> tuple[int, str, str]:
    """Status, Location and the certificate's names, as a browser that trusts Caddy's authority gets them."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        secure.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: secure.recv(65536), b"")).decode(errors="replace")
        certificate = ssl.DER_cert_to_PEM_cert(secure.getpeercert(binary_form=True) or b"")
    location = re.search(r"^location: (.*)\r$", answer, re.MULTILINE | re.IGNORECASE)
    return int(answer.split()[1]), location[1] if location else "", names_in(certificate)


def names_in(certificate: str) -> str:
    extensions = x509.load_pem_x509_certificate(certificate.encode()).extensions
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return ",".join(names.get_values_for_type(x509.DNSName))


@pytest.mark.slow
@needs("profiles.demo")
def test_a_live_domain_gets_its_certificate_at_the_first_request_and_an_unproved_one_none(ports):
    site, web, http = ports
    assert get(site.port, LIVE, "/people/") == (307, site.at("acme", "/people/"), LIVE)
    assert get(site.port, f"acme.{BASE}")[2] == f"acme.{BASE}"
    assert get(site.port, BASE)[0] == 200
    for host in (PENDING, MADE_UP, f"nobody.{BASE}"):
        with pytest.raises(ssl.SSLError):
            get(site.port, host)
    certificates = {path.stem for path in (site.folder / "data").rglob("*.crt")}
    assert LIVE in certificates
    assert not {PENDING, MADE_UP} & certificates

    # Strangers cannot ask, neither through Caddy nor past it, and http leads to https.
    assert get(site.port, LIVE, f"/tls/allowed/{SECRET}?domain={LIVE}")[0] == 404
    for path, status in ((f"/tls/allowed/{SECRET}", 200), ("/tls/allowed", 404)):
        connection = HTTPConnection("127.0.0.1", web)
        connection.request("GET", f"{path}?domain={LIVE}", headers={"Host": BASE, "X-Forwarded-Proto": "https"})
        assert connection.getresponse().status == status
        connection.close()
    connection = HTTPConnection("127.0.0.1", http)
    connection.request("GET", "/people/", headers={"Host": LIVE})
    assert (connection.getresponse().getheader("Location") or "").startswith(f"https://{LIVE}")
    connection.close()
    assert SECRET not in (site.folder / "web.log").read_text()


@pytest.mark.slow
@needs("profiles.demo", "tenants.deploy_check")
def test_the_check_of_an_address_finds_nothing_wrong_behind_caddy(ports, nameserver):
    site, _, _ = ports
    folder = site.folder / "data" / "caddy" / "pki" / "authorities" / "local"
    (folder / "cert.pem").write_text((folder / "root.crt").read_text())
    where = [f"https://{BASE}:{site.port}", folder, nameserver, "--dkim", "s1"]
    found, _ = look(*where, "--organisation", "acme")
    # Certificates of this authority are valid for half a day, and no worker runs there.
    assert wrong(found) == {"certificate", "readiness"}
    assert found["an organisation's host"] == f"ok     an organisation's host: acme.{BASE} answered with 200"
    assert "gets no certificate" in found["unknown organisation"]
    # Not told of one, it cannot know whether organisations have certificates.
    found, _ = look(*where)
    assert "--organisation" in found["unknown organisation"]
    assert wrong(found) == {"certificate", "readiness", "unknown organisation"}


@pytest.mark.slow
def test_caddy_finds_no_fault_in_its_files(tmp_path):
    for file in (CADDYFILE, CADDYFILE.with_name("Caddyfile")):
        command = [str(CADDY), "validate", "--config", str(tmp_path / file.name), "--adapter", "caddyfile"]
        (tmp_path / file.name).write_text(readable(file))
        environment = os.environ | {"TLS_SECRET": SECRET, "ACME_EMAIL": "certificates@shop.example"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr


def overriding(loader: yaml.SafeLoader, node: yaml.SequenceNode) -> list[Any]:
    return loader.construct_sequence(node, deep=True)


class Compose(yaml.SafeLoader):
    """Reads `!override` as what follows it."""


Compose.add_constructor("!override", overriding)


def test_compose_keeps_certificates_and_opens_only_the_proxy():
    added = yaml.load((ROOT / "docker-compose.tls.yml").read_text(), Loader=Compose)  # noqa: S506  a SafeLoader
    base = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services = added["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["proxy"]["volumes"] == ["certificates:/data"]
    assert services["proxy"]["environment"]["XDG_DATA_HOME"] == "/data"
    assert services.keys() <= base["services"].keys()
    assert all("TLS_SECRET" in service["environment"] for service in services.values())
    [config] = services["proxy"]["configs"]
    assert ROOT / added["configs"][config["source"]]["file"] == CADDYFILE
