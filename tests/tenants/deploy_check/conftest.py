"""The command's findings about a site, with a name server that knows the records of its mail."""

import socket
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import dns.message
import dns.rrset
import pytest
from django.core.management import CommandError, call_command

from tests.tls import BASE

RECORDS = {
    f"{BASE}.": ["v=spf1 include:mail.example -all", "something else"],
    f"_dmarc.{BASE}.": ["v=DMARC1; p=reject"],
    f"s1._domainkey.{BASE}.": ["v=DKIM1; p=MIGfMA0"],
    f"revoked._domainkey.{BASE}.": ["v=DKIM1; p="],
    "open.example.": ["v=spf1 +all"],
    "_dmarc.open.example.": ["v=DMARC1; p=none"],
}


@pytest.fixture(scope="module")
def nameserver() -> Iterator[str]:
    """A name server on loopback with RECORDS."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def answer() -> None:
            while True:
                packet, address = server.recvfrom(4096)
                if packet == b"end":
                    return
                query = dns.message.from_wire(packet)
                name = query.question[0].name.to_text()
                response = dns.message.make_response(query)
                for text in RECORDS.get(name, []):
                    response.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", f'"{text}"'))
                server.sendto(response.to_wire(), address)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.sendto(b"end", server.getsockname())
        thread.join()


def look(url: str, folder: Path, nameserver: str, *more: str) -> tuple[dict[str, str], str]:
    """The findings by name, each with its line, and what the command says at the end."""
    out, port = StringIO(), url.rpartition(":")[2]
    where = ["--at", f"127.0.0.1:{port}", "--ca", f"{folder}/cert.pem", "--nameserver", nameserver]
    try:
        call_command("deploy_check", url, *where, *more, stdout=out)
        said = ""
    except CommandError as error:
        said = str(error)
    lines = [line for line in out.getvalue().splitlines() if line[:6].strip() in ("ok", "WRONG")]
    return {line[7:].partition(": ")[0]: line for line in lines}, said


def wrong(findings: dict[str, str]) -> set[str]:
    return {name for name, line in findings.items() if line.startswith("WRONG")}
