"""People who read, write and sign up, as many a second however fast they are answered."""

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from django.conf import settings

from profiles.testing import PASSWORD
from tenants.models import Tenant
from tests.bench.processes import WebServer
from tests.torture.arena import Arena

A_SECOND = 20
# One request in so many is a sign-up, which takes a spare.
SIGN_UPS = 40
PROFILE = {"first_name": "Olga", "last_name": "Owner", "bio": "At work", "time_zone": "UTC"}


@dataclass
class Heard:
    """What the crowd was answered: requests by phase, the slowest in seconds, and what was not as it should be."""

    requests: Counter[str] = field(default_factory=Counter)
    slowest: float = 0
    faults: list[str] = field(default_factory=list)


class Crowd:
    """At work while the block lasts, from the first turn_to() on. `people`: organisations, with an owner's session."""

    def __init__(self, arena: Arena, people: Sequence[tuple[Tenant, str]], random: Random) -> None:
        self.arena, self.people, self.random, self.heard = arena, people, random, Heard()
        self.phase, self.servers, self.lock = "", list[WebServer](), Lock()
        self.begun, self.over = Event(), Event()
        self.thread = Thread(target=self.work)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None) -> None:
        self.over.set()
        self.begun.set()
        self.thread.join()

    def turn_to(self, phase: str, *servers: WebServer) -> None:
        """From now on these servers are asked, one after the other."""
        with self.lock:
            self.phase, self.servers = phase, list(servers)
        self.begun.set()

    def work(self) -> None:
        self.begun.wait()
        began, number = time.monotonic(), 0
        with ThreadPoolExecutor(4 * A_SECOND) as pool:
            while not self.over.wait(max(0.0, began + number / A_SECOND - time.monotonic())):
                number += 1
                pool.submit(self.ask, number)

    def ask(self, number: int) -> None:
        """One request, and a look at its answer."""
        with self.lock:
            phase, server = self.phase, self.servers[number % len(self.servers)]
            (tenant, session), slug = self.random.choice(self.people), f"late-{self.random.randrange(10**9)}"
        host, path, form, expected = tenant.domain, "/people/owner/", None, 200
        if number % SIGN_UPS == 0:
            form = {
                "organisation": slug,
                "slug": slug,
                "name": "Nora New",
                "email": "n@new.example",
                "password": PASSWORD,
            }
            host, path, session, expected = settings.BASE_DOMAIN, "/sign-up/", "", 302
        elif number % 3 == 0:
            path, form, expected = "/people/owner/edit/", PROFILE, 302
        began = time.monotonic()
        click = self.arena.click(host, path, form, session=session, server=server)
        click.wait()
        seconds, status = time.monotonic() - began, click.answer.status
        with self.lock:
            self.heard.requests[phase] += 1
            self.heard.slowest = max(self.heard.slowest, seconds)
            if status != expected:
                self.heard.faults.append(f"{phase}: {host}{path} was answered {status} after {seconds:.1f} s")
