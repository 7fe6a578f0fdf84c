"""Outages: a mail server that says nothing, dead workers, full disks, no PostgreSQL; who notices, and when."""

import os
import socket
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from django.db import connection

from profiles.invitations.changes import invite
from profiles.models import User
from profiles.roles import Role
from profiles.testing import PASSWORD, new_organisation
from tenants.context import public, within
from tenants.models import Tenant
from tenants.schemas.spares import discard
from tenants.serving import hosts
from tests.bench.processes import serving
from tests.torture.arena import Arena
from tests.torture.operations.clicks import Photo
from tests.torture.processes import Click, TortureFailed, kill_postgres, postgres_family, worker_of, workers

INVITATIONS = 20
PATIENCE_SECONDS = 90
# A worker counts as dead after 30 seconds, and what a process says is a second old at most.
NOTICED_SECONDS = 35
# Of what a landing page may take while sign-ups wait; at the median it takes milliseconds.
LANDING_SECONDS = 1.0


@dataclass
class Outage:
    """What came of one. `figures` say how long what took."""

    name: str
    figures: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def demand(self, holds: object, words: str) -> None:
        if not holds:
            self.faults.append(words)


def play(arena: Arena, random: Random, sign_ups: int, say: Callable[[str], None]) -> Iterator[Outage]:
    """All of them, one after the other; the web server and the workers are the torture's own."""
    full = arena.folder / "full"
    with (
        socket.create_server(("127.0.0.1", 0), backlog=200) as silent,
        small_disk(full) as is_full,
    ):
        host, port = silent.getsockname()
        environment = os.environ | {
            "EMAIL_URL": f"smtp://{host}:{port}",
            "MEDIA_ROOT": str(full),
            "MEDIA_FREE_MB": "0",
            "GUNICORN_CMD_ARGS": "--preload",
        }
        with serving(environment, 16, arena.folder / "outages.log") as arena.web:
            arena.web_worker = worker_of(arena.web)
            with workers(environment, arena.folder) as (urgent, other):
                say("no mail server answers")
                yield silent_mail(arena, random, sign_ups)
                say("the disk of pictures is full" if is_full else "no disk can be made small here: only root may")
                if is_full:
                    yield full_disk(arena, random, full)
                say("a worker is killed")
                yield dead_worker(arena, urgent)
                say("PostgreSQL is killed")
                yield no_postgres(arena, other)


def silent_mail(arena: Arena, random: Random, sign_ups: int) -> Outage:
    """Twenty invitations cannot be sent, and organisations sign up, more than there are spares."""
    outage = Outage("a mail server that says nothing")
    slug = f"talkative-{random.randrange(10**9)}"
    tenant = new_organisation(slug)
    with within(tenant):
        owner = User.objects.get()
        for number in range(INVITATIONS):
            invite(actor=owner, email=f"new{number}@{slug}.example", role=Role.READER)
    until(lambda: is_ready(arena), "The installation was not ready before the outage.")
    with public():
        # All at once, and none in stock: each waits for its own.
        for spare in Tenant.objects.filter(state=Tenant.State.SPARE):
            discard(spare)
    clicks = [sign_up(arena, f"{slug}-{number}") for number in range(sign_ups)]
    pages = []
    began = time.monotonic()
    while not all(click.is_over() for click in clicks):
        started = time.monotonic()
        status = arena.get("localhost", "/").status
        pages.append(time.monotonic() - started)
        outage.demand(status == 200, f"the landing page was answered {status}")
        time.sleep(0.02)
    seconds = time.monotonic() - began
    statuses = [click.answer.status for click in clicks]
    outage.demand(statuses == [302] * sign_ups, f"sign-ups were answered {statuses}")
    outage.demand(max(pages) < LANDING_SECONDS, f"the landing page took {max(pages):.2f} s")
    outage.figures = [
        f"{sign_ups} sign-ups without a spare: the last after {seconds:.1f} s",
        f"the landing page meanwhile: {statistics.median(pages) * 1000:.0f} ms, {max(pages) * 1000:.0f} ms at most",
    ]
    return outage


def sign_up(arena: Arena, slug: str) -> Click:
    form = {"organisation": slug, "slug": slug, "name": "Olga Owner", "email": f"owner@{slug}.example"}
    return arena.click("localhost", "/sign-up/", form | {"password": PASSWORD})


def full_disk(arena: Arena, random: Random, full: Path) -> Outage:
    """A photo cannot be stored."""
    outage = Outage("a full disk of pictures")
    photo = Photo(arena, random)
    filler = full / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    answer = photo.again()
    outage.demand(answer.status == 200, f"the upload was answered {answer.status}")
    outage.demand("could not store this picture" in answer.text, "the page does not say that it is not stored")
    outage.demand('value="Olga"' in answer.text, "the page does not keep what was typed")
    outage.demand(not is_ready(arena), "the installation says that it is ready")
    filler.unlink()
    time.sleep(1.5)
    outage.demand(photo.again().status == 302, "the upload fails with room on the disk again")
    outage.figures = ["the upload was answered with the form, 200"]
    return outage


def dead_worker(arena: Arena, urgent: subprocess.Popen[bytes]) -> Outage:
    """The worker of urgent jobs is killed: monitors hear of it, load balancers do not care."""
    outage = Outage("a killed worker")
    until(lambda: is_ready(arena), "The installation was not ready before the worker was killed.")
    urgent.kill()
    urgent.wait()
    seconds = until(lambda: not is_ready(arena), "Nobody noticed that the worker is dead.")
    outage.demand(seconds <= NOTICED_SECONDS, f"it took {seconds:.0f} s")
    outage.demand(arena.get("localhost", "/health/").status == 200, "/health/ is not 200 with a dead worker")
    outage.demand(arena.get("localhost", "/health/ready/").status == 200, "/health/ready/ is not 200")
    outage.figures = [f"/health/all/ says 503 after {seconds:.0f} s, /health/ and /health/ready/ 200"]
    return outage


def no_postgres(arena: Arena, worker: subprocess.Popen[bytes]) -> Outage:
    """A worker ends, and not as if it had been asked to."""
    outage = Outage("PostgreSQL killed")
    hosts.clear()
    kill_postgres(postgres_family(arena.server))
    began = time.monotonic()
    status = arena.get("localhost", "/health/ready/").status
    outage.demand(status == 503, f"/health/ready/ was answered {status}")
    answered = time.monotonic() - began
    try:
        code = worker.wait(PATIENCE_SECONDS)
        outage.demand(code not in (0, None), f"the worker ended with status {code}")
        outage.figures = [f"the worker ended after {time.monotonic() - began:.0f} s with status {code}"]
    except subprocess.TimeoutExpired:
        outage.faults.append("the worker still runs")
    outage.figures.append(f"/health/ready/ said 503 within {answered:.1f} s")
    arena.server.ensure_running()
    connection.close()  # Our own is dead as well.
    return outage


def is_ready(arena: Arena) -> bool:
    return arena.get("localhost", "/health/all/").status == 200


def until(holds: Callable[[], bool], words: str) -> float:
    """Wait for it; returns how many seconds that took. Raises TortureFailed with these words."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() > began + PATIENCE_SECONDS:
            raise TortureFailed(words)
        time.sleep(0.2)
    return time.monotonic() - began


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A disk of four megabytes there, if this machine lets us mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0777", "tenantry-torture", str(folder)]
    umount = ["umount", "--lazy", str(folder)]
    is_mounted = os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(umount, check=True)
