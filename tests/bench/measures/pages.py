"""Which pages are measured, and how the load generator is told."""

from collections.abc import Iterable

from tests.bench.contestants.seats import Seat
from tests.bench.load import Request

PROFILE, DIRECTORY = "/people/person-1/", "/people/"
PAGES = {"profile page": PROFILE, "directory": DIRECTORY}


def requests(path: str, seats: Iterable[Seat]) -> list[Request]:
    return [Request(host=seat["host"], path=path, cookie=seat["cookie"]) for seat in seats]
