"""make deploy-check: it finds nothing wrong with the product, and each fault of a site that has them."""

import re
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from profiles.testing import needs
from tenants.deploy_check import asking
from tests.tenants.deploy_check.conftest import look, wrong
from tests.tls import BASE, made_in, manage, serving, write_certificate


@pytest.mark.slow
@needs("profiles.demo")
def test_nothing_is_wrong_with_the_product_behind_tls(tmp_path, nameserver):
    site = made_in(tmp_path)
    manage(site, "collectstatic", "--noinput", DEBUG="0")
    with serving(site, DEBUG="0", TRUSTED_PROXY_COUNT="0"):
        found, said = look(f"https://{BASE}:{site.port}", tmp_path, nameserver, "--dkim", "s1")
    # The certificate of the tests is valid for a day, no worker runs there, and no proxy is before it.
    expected = {"certificate", "readiness", *(["/metrics"] if apps.is_installed("tenants.metrics") else [])}
    assert wrong(found) == expected
    assert said.startswith(f"{len(expected)} of these are wrong.")
    assert {"HSTS", "Content-Security-Policy", "style sheet", "another Host header", "DKIM s1"} <= found.keys()


class Careless(BaseHTTPRequestHandler):
    """A site that does everything wrong."""

    def do_GET(self) -> None:
        body = f"<h1>DEBUG = True</h1> at {self.headers['Host']}".encode()
        self.send_response(200)
        self.send_header("Set-Cookie", "session=1; HttpOnly")
        self.send_header("Strict-Transport-Security", "max-age=60")
        self.send_header("Content-Security-Policy", "default-src 'self' 'unsafe-inline'")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the parent's
        pass


@pytest.fixture
def careless(tmp_path) -> Iterator[int]:
    write_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with ThreadingHTTPServer(("127.0.0.1", 0), Careless) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_each_fault_is_found(careless, tmp_path, nameserver):
    domain = ["--mail-domain", "open.example", "--dkim", "s1"]
    found, said = look(f"https://{BASE}:{careless}", tmp_path, nameserver, *domain)
    assert found.keys() - wrong(found) == {"TLS", "organisations' hosts", "health", "readiness"}
    assert said == f"{len(wrong(found))} of these are wrong. docs/deploying.md says what to do about each."
    assert found["cookie session"] == "WRONG  cookie session: without secure, samesite, the prefix __Host-"
    assert found["HSTS"] == "WRONG  HSTS: max-age=60"
    assert "anyone may send" in found["SPF"]
    assert "refuses nothing" in found["DMARC"]
    assert "tells details" in found["readiness to strangers"]
    assert "DEBUG is on" in found["error pages"]


def test_a_certificate_that_is_not_trusted_and_a_revoked_key(careless, tmp_path, nameserver):
    other = tmp_path / "other"
    other.mkdir()
    write_certificate(other)
    found, _ = look(f"https://{BASE}:{careless}", other, nameserver, "--dkim", "revoked")
    assert re.match("WRONG  TLS: cannot be asked: .*certificate verify failed", found["TLS"])
    assert "has no key" in found["DKIM revoked"]
    assert not found["SPF"].startswith("WRONG")


def test_a_site_and_a_name_server_that_do_not_answer(tmp_path, monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    write_certificate(tmp_path)
    found, _ = look(f"https://{BASE}:1", tmp_path, "127.0.0.1:1")
    assert wrong(found) == found.keys()
    assert {"TLS", "mail records"} <= found.keys()


@pytest.mark.parametrize("url", ["http://a.example", "a.example", "https://a.example/path", "https://"])
def test_what_is_no_address_of_a_site_is_refused(url):
    with pytest.raises(CommandError, match="is no address of a site"):
        call_command("deploy_check", url)
