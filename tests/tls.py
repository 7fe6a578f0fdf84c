"""The product as https makes it: gunicorn with a certificate of its own, and the demo's organisations."""

import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parents[1]
BASE = "tenantry.test"
READY_SECONDS = 30


@dataclass(frozen=True)
class Site:
    """One product, with all its data in a folder: `at("acme", "/people/")` is an address in it."""

    folder: Path
    port: int

    def at(self, slug: str, path: str = "/") -> str:
        return f"https://{slug}.{BASE}:{self.port}{path}"

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        return {
            **inherited,
            "BASE_URL": f"https://{BASE}:{self.port}",
            "BUNDLED_DATA": f"{self.folder}/postgres",
            "MEDIA_ROOT": f"{self.folder}/media",
            "STATIC_ROOT": f"{self.folder}/static",
            "MAILBOX_DIR": f"{self.folder}/mail",
            **more,
        }

    def connection(self) -> HTTPConnection:
        """To the server, whatever name it goes by: requests say it in their Host header."""
        context = ssl._create_unverified_context()  # noqa: S323  our own certificate, of a moment ago
        return HTTPSConnection("127.0.0.1", self.port, context=context, timeout=READY_SECONDS)


def made_in(folder: Path, **environment: str) -> Site:
    """A product with the demo's organisations, which is not served yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        site = Site(folder, probe.getsockname()[1])
    write_certificate(folder)
    for command in ("migrate", "demo"):
        manage(site, command, **environment)
    return site


def manage(site: Site, *arguments: str, **environment: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=site.environment(**environment), check=True, capture_output=True)


@contextmanager
def serving(site: Site, **environment: str) -> Iterator[None]:
    """Have it served by gunicorn, until the end."""
    keys = ["--certfile", f"{site.folder}/cert.pem", "--keyfile", f"{site.folder}/key.pem"]
    # More threads than a browser opens connections in reserve: with TLS, each of those holds one until its first byte.
    bind = ["--bind", f"127.0.0.1:{site.port}", "--threads", "32", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", *bind, *keys, "--access-logfile", "-", "config.wsgi"]
    with (site.folder / "server.log").open("ab") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=site.environment(**environment), stdout=log, stderr=log)
    try:
        wait_until_ready(site, server)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_until_ready(site: Site, server: subprocess.Popen[bytes]) -> None:
    """Raises RuntimeError, with what the server said, if it does not answer."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        connection = site.connection()
        try:
            connection.request("GET", "/health/", headers={"Host": BASE})
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError(f"The server did not start:\n{(site.folder / 'server.log').read_text()}")


def write_certificate(folder: Path) -> None:
    """For the base domain and all below, signed by its own key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, BASE)])
    hosts = x509.SubjectAlternativeName([x509.DNSName(BASE), x509.DNSName(f"*.{BASE}")])
    draft = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    dated = draft.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = dated.add_extension(hosts, critical=False).sign(key, hashes.SHA256())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(signed.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
