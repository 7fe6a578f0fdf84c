"""Sixteen uploads at once from two organisations, as dear as they can be made, while the public site is asked."""

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psutil
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from profiles.models import User
from profiles.testing import new_organisation
from tenants.context import within
from tests.profiles.pictures.made import blank_png, icc_bomb, passes, quarters, saved
from tests.torture.arena import TOKEN, Arena
from tests.torture.operations.clicks import signed_in
from tests.torture.processes import Click

UPLOADS = 8  # From each organisation.
PEACE = 3  # Seconds.
# What is promised of a picture's memory; and of the public site, which waits for no picture.
MEGABYTES = 200
P95, SLOWEST = 0.2, 2  # Seconds.

BOMBS: dict[str, Callable[[], bytes]] = {
    "profiles of 100,000 elements": lambda: saved(quarters(), "PNG", icc_profile=icc_bomb()),
    "JPEGs of 32 passes": lambda: passes(4990, 32),
    "JPEGs of 64 megapixels": lambda: saved(Image.new("CMYK", (8000, 8000)), "JPEG", subsampling=0),
    "PNGs of 25 megapixels": lambda: blank_png(5000, 5000),
    "WebPs of 12 megapixels": lambda: saved(Image.new("RGBA", (3500, 3500)), "WEBP", lossless=True, method=0),
    "AVIFs of 12 megapixels": lambda: saved(Image.new("RGBA", (3500, 3500)), "AVIF", speed=10, subsampling="4:4:4"),
}


@dataclass
class Flood:
    """What came of uploads of one kind. Seconds are those that the public site took to answer."""

    name: str
    seconds: float = 0
    peace: list[float] = field(default_factory=list)
    flood: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    megabytes: float = 0
    faults: list[str] = field(default_factory=list)


def explode(arena: Arena, kinds: Iterable[str], say: Callable[[str], None]) -> Iterator[Flood]:
    visits = [visit(arena) for _ in range(2)]
    for kind in kinds:
        yield flood(arena, kind, BOMBS[kind](), visits, say)


def visit(arena: Arena) -> Callable[[bytes], Click]:
    """A new organisation, and how its owner uploads a photo."""
    tenant = new_organisation(f"bombs-{time.monotonic_ns()}")
    with within(tenant):
        owner = User.objects.get()
    session = signed_in(tenant, owner)

    def upload(picture: bytes) -> Click:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="photo"\r\n\r\n'.encode()
        fields = {"first_name": "Olga", "last_name": "Owner", "time_zone": "UTC", "csrfmiddlewaretoken": TOKEN}
        body = head + picture + b"\r\n" + encode_multipart(BOUNDARY, fields)
        path = f"/people/{owner.username}/edit/"
        return arena.click(tenant.domain, path, session=session, multipart=(MULTIPART_CONTENT, body))

    return upload


def flood(
    arena: Arena, name: str, picture: bytes, visits: list[Callable[[bytes], Click]], say: Callable[[str], None]
) -> Flood:
    say(f"uploading {len(visits) * UPLOADS} {name}")
    came = Flood(name)
    with asking(arena, came.peace):
        time.sleep(PEACE)
    began = time.monotonic()
    with asking(arena, came.flood), weighing(arena, came):
        clicks = [upload(picture) for _ in range(UPLOADS) for upload in visits]
        for click in clicks:
            click.wait()
    came.seconds = time.monotonic() - began
    came.answers = Counter(click.answer.status for click in clicks)
    judge(came)
    return came


def judge(came: Flood) -> None:
    """Each upload is taken, or refused with a sentence on the form."""
    if set(came.answers) - {200, 302}:
        came.faults.append(f"uploads were answered {dict(came.answers)}")
    if max(came.flood) > allowed(SLOWEST, came.peace) or p95(came.flood) > allowed(P95, came.peace):
        came.faults.append(f"the public site took {max(came.flood):.1f} s, p95 {p95(came.flood):.1f} s")
    if came.megabytes > MEGABYTES:
        came.faults.append(f"a picture took {came.megabytes:.0f} MB")


def allowed(seconds: float, peace: list[float]) -> float:
    """So many on a machine of our own. On one that is busy with other things, four times of what peace takes there."""
    return max(seconds, 4 * p95(peace))


@contextmanager
def asking(arena: Arena, seconds: list[float]) -> Iterator[None]:
    """Ask the public site for its first page again and again, and note how long each answer takes."""
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            began = time.monotonic()
            answer = arena.get("localhost", "/")
            seconds.append(time.monotonic() - began if answer.status == 200 else float("inf"))

    with running(ask, over):
        yield


@contextmanager
def weighing(arena: Arena, came: Flood) -> Iterator[None]:
    """Note the most memory that a process of the web server's worker has for a picture."""
    over = threading.Event()
    worker = psutil.Process(arena.web_worker)

    def weigh() -> None:
        while not over.wait(0.01):
            for child in worker.children():
                with suppress(psutil.Error):
                    came.megabytes = max(came.megabytes, child.memory_full_info().uss / 1e6)

    with running(weigh, over):
        yield


@contextmanager
def running(function: Callable[[], None], over: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=function)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def line(came: Flood) -> str:
    """For people."""
    answers = ", ".join(f"{count} answered {status}" for status, count in sorted(came.answers.items()))
    return (
        f"{came.answers.total()} {came.name}: {answers} within {came.seconds:.1f} s, each below"
        f" {came.megabytes:.0f} MB; the public site's p95 {p95(came.flood) * 1000:.0f} ms (in peace"
        f" {p95(came.peace) * 1000:.0f}), its slowest answer {max(came.flood) * 1000:.0f} ms"
    )
