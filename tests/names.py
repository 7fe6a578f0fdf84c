"""A name server on loopback, for everything that asks one."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.message
import dns.rcode
import dns.rrset


@dataclass
class Names:
    """`says["receiver.example."]` is a list of answers with addresses, the last of which is repeated.

    `texts` has TXT records and `aliases` CNAME records, of such names too. Those in `silent` answer SERVFAIL,
    and those in `mute` not at all.
    """

    socket: socket.socket
    says: dict[str, list[list[str]]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    mute: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return "{}:{}".format(*self.socket.getsockname())

    def serve(self) -> None:
        while True:
            try:
                data, client = self.socket.recvfrom(4096)
            except OSError:
                return
            if not data:
                return
            if answer := self.reply(data):
                self.socket.sendto(answer, client)

    def reply(self, data: bytes) -> bytes:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = str(question.name), question.rdtype.name
        if name in self.mute:
            return b""
        response = dns.message.make_response(query)
        if name in self.silent:
            response.set_rcode(dns.rcode.SERVFAIL)
            return response.to_wire()
        seen = {name}
        if kind == "CNAME" and name in self.aliases:
            response.answer.append(dns.rrset.from_text(name, 0, "IN", "CNAME", self.aliases[name]))
            return response.to_wire()
        while kind != "TXT" and (alias := self.aliases.get(name)):
            response.answer.append(dns.rrset.from_text(name, 0, "IN", "CNAME", alias))
            name = alias
            if alias in seen:
                break
            seen.add(alias)
        texts = self.records(name, kind)
        if texts:
            response.answer.append(dns.rrset.from_text(name, 0, "IN", kind, *texts))
        elif not response.answer and not self.knows(name):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()

    def knows(self, name: str) -> bool:
        return name in self.says or name in self.texts or name in self.aliases

    def records(self, name: str, kind: str) -> list[str]:
        if kind == "TXT":
            return [f'"{text}"' for text in self.texts.get(name, [])]
        answers = self.says.get(name, [[]])
        if kind == "A":
            self.asked.append(name)
        found = answers[min(self.asked.count(name) - 1, len(answers) - 1)]
        return [text for text in found if (":" in text) == (kind == "AAAA")]


@contextmanager
def naming() -> Iterator[Names]:
    names = Names(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    names.socket.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=names.serve, daemon=True)
    thread.start()
    try:
        yield names
    finally:
        host, port = names.socket.getsockname()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", (host, port))
        thread.join()
        names.socket.close()
