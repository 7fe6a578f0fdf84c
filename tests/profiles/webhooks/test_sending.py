"""No way into our own network: what a name resolves to is checked once, and is what is connected to."""

import ssl
import time
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from profiles.webhooks.addresses import Unreachable, resolve, target
from profiles.webhooks.sending import KEPT_BYTES, post
from shared.outgoing import connection
from tests import tls
from tests.profiles.webhooks.conftest import ALLOWED, INSIDE
from tests.profiles.webhooks.servers import dripping, endless, receiving, say

OURS = [
    *("127.0.0.1", "10.0.0.8", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.100.100.200", "0.0.0.0"),  # noqa: S104
    *("168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255", "192.88.99.1", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1"),
    *("::ffff:10.0.0.8", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::a00:8", "64:ff9b:1::a00:8"),
    *("2002:a00:8::1", "2001:0:53aa:64c:0:fbff:f5ff:fff7", "2001:db8::1"),
]
PUBLIC = ["93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946"]


@pytest.mark.parametrize("address", OURS)
def test_what_is_not_public_is_refused(names, address):
    """Whether it is in the URL or is the name server's answer, alone or beside a public one."""
    names.says["receiver.example."] = [[address]]
    names.says["both.example."] = [[PUBLIC[0], address]]
    for host in (address, "receiver.example", "both.example"):
        with pytest.raises(Unreachable, match="not_public"):
            resolve(host)
    with pytest.raises(ValidationError, match="not public"):
        target(f"https://[{address}]/" if ":" in address else f"https://{address}/")


def test_public_addresses_are_found_those_of_ipv4_first(names):
    names.says["receiver.example."] = [PUBLIC[::-1]]
    assert set(resolve("receiver.example")) == set(PUBLIC)
    assert ":" in resolve("receiver.example")[-1]


def test_a_name_is_only_asked_of_the_name_server(names):
    """Neither /etc/hosts nor the ways in which C reads numbers have a say."""
    for host in ("localhost", "127.1", "0x7f000001", "2130706433", "017700000001", "metadata"):
        with pytest.raises(Unreachable, match="name"):
            resolve(host)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://receiver.example/", "scheme"),
        ("http://receiver.example/", "scheme"),
        ("javascript:alert(1)", "invalid"),
        ("https://", "invalid"),
        ("https://user:pass@receiver.example/", "credentials"),
        ("https://receiver.example@127.0.0.1/", "credentials"),
        ("https://receiver.example:22/", "port"),
        ("https://receiver.example:99999/", "invalid"),
        ("https://receiver.example:0/", "port"),
        ("https://receiver.example/#part", "fragment"),
        ("https://receiver.example/a b", "invalid"),
        ("https://receiver.example/\r\nX: y", "invalid"),
        ("https://receiver.example\\@127.0.0.1/", "invalid"),
        ("https://[::1/", "invalid"),
        (f"https://{'a' * 300}.example/", "invalid"),
    ],
)
def test_addresses_of_other_shapes_are_refused(url, code):
    with pytest.raises(ValidationError) as refused:
        target(url)
    assert refused.value.code == code


def test_name_whose_answer_changes_leads_nowhere(names, receiver, inside, url):
    """Checked once and asked once: what the name server says later has no effect."""
    names.says["receiver.example."] = [[ALLOWED], [INSIDE]]
    assert post(url, b"{}", {}).status == 200
    assert names.asked == ["receiver.example."]
    assert post(url, b"{}", {}).error == "not_public"
    assert (len(receiver.got), inside.connections) == (1, [])


def test_redirect_is_not_followed(receiver, inside, url):
    receiver.answer = lambda handler: say(handler, 302, b"", Location=f"http://{INSIDE}:{receiver.port}/")
    answer = post(url, b"{}", {})
    assert (answer.status, answer.error) == (302, "redirect")
    assert inside.connections == []


def test_host_is_asked_for_by_its_name(receiver, url):
    post(url, b"{}", {"X-Own": "1"})
    headers, body = receiver.got[0]
    assert (headers["Host"], headers["X-Own"], body) == (f"receiver.example:{receiver.port}", "1", b"{}")


@pytest.mark.parametrize("habit", [dripping, lambda _handler: time.sleep(3)])
def test_slow_answer_ends_with_the_time_out(settings, receiver, url, habit):
    """Also one of which a byte comes again and again."""
    settings.WEBHOOK_TIMEOUT = 0.5
    receiver.answer = habit
    began = time.monotonic()
    assert post(url, b"{}", {}).error == "timeout"
    assert time.monotonic() - began < 1.5


def test_of_an_endless_answer_the_beginning_is_read(receiver, url):
    receiver.answer = endless
    answer = post(url, b"{}", {})
    assert (answer.status, answer.text) == (200, "x" * KEPT_BYTES)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"SSH-2.0-OpenSSH_9.9\r\n", "answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "answer"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "answer"),
        (b"", "answer"),
        (b"HTTP/1.1 500 Oops\r\n\r\n\xff\0\xfe", "status"),
    ],
)
def test_answers_of_other_protocols_are_errors(receiver, url, raw, error):
    receiver.answer = lambda handler: handler.wfile.write(raw)
    answer = post(url, b"{}", {})
    assert (answer.error, "\0" in answer.text) == (error, False)


def test_nothing_listens(receiver, url):
    with receiving(ALLOWED) as other:
        port = other.port
    assert post(f"https://receiver.example:{port}/", b"{}", {}).error == "port"
    receiver.server.socket.close()
    assert post(url, b"{}", {}).error == "connection"


@pytest.fixture
def certified(tmp_path: Path, monkeypatch) -> ssl.SSLContext:
    """A certificate for *.tenantry.test, which this machine trusts."""
    tls.write_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    return context


def test_authorities_are_read_again_once_they_change(tmp_path, certified):
    before = connection.trusted()
    assert connection.trusted() is before
    tls.write_certificate(tmp_path)
    assert connection.trusted() is not before


def test_certificate_has_to_be_for_the_name(settings, names, receiver, certified):
    asked: list[str] = []
    certified.sni_callback = lambda _socket, name, _context: asked.append(name)
    names.says[f"hooks.{tls.BASE}."] = [[ALLOWED]]
    with receiving(ALLOWED, context=certified) as secure:
        settings.WEBHOOK_PORTS = [secure.port]
        assert post(f"https://hooks.{tls.BASE}:{secure.port}/", b"{}", {}).status == 200
        assert post(f"https://receiver.example:{secure.port}/", b"{}", {}).error == "certificate"
    assert asked == [f"hooks.{tls.BASE}", "receiver.example"]
    assert len(secure.got) == 1


def test_server_that_never_ends_its_handshake_is_left(settings, receiver):
    settings.WEBHOOK_TIMEOUT = 0.4
    began = time.monotonic()
    assert post(f"https://receiver.example:{receiver.port}/", b"{}", {}).error in ("timeout", "tls")
    assert time.monotonic() - began < 1.5
