"""Does a request, a worker, a database connection cost more where there are more organisations?"""

from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from statistics import mean

from tests.bench.arena import Arena, by_turns
from tests.bench.contestants.seats import Seat
from tests.bench.figures import PLAIN_FAST, TENANTRY, Row, median, medians, quantile
from tests.bench.measures.pages import PROFILE, requests
from tests.bench.memory import mebibytes
from tests.bench.processes import WebServer

FEW = 10
# After how many organisations worker and connection are weighed, before all of them.
STEPS = (FEW, 100, 500)
SEED = 1
# One of each, so that there is one connection to the database, which meets all organisations.
THREADS = CONNECTIONS = 1
# By its defaults plain django-tenants has few organisations here.
CONTESTANTS = (PLAIN_FAST, TENANTRY)


@dataclass
class Site:
    """One contestant's server, with what was found of it."""

    name: str
    server: WebServer
    seats: list[Seat]
    weights: dict[int, dict[str, float]] = field(default_factory=dict)
    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)
    few: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)

    def visit(self, seats: list[Seat], number: int, random: Random) -> float:
        """The median seconds of the profile page, spread evenly over these organisations, shuffled."""
        plan = (seats * (number // len(seats) + 1))[: max(number, 1)]
        if number < len(seats):
            plan = random.sample(seats, number)
        random.shuffle(plan)
        return quantile(self.seconds(plan), 0.5)

    def seconds(self, seats: list[Seat]) -> list[float]:
        """Of the profile page in each of these organisations."""
        return self.server.load(requests(PROFILE, seats), CONNECTIONS)["latencies"]


def measure(arena: Arena) -> list[Row]:
    with ExitStack() as stack:
        sites = {
            name: Site(name, stack.enter_context(arena.web(name, database_of=name, threads=THREADS)), arena.seats(name))
            for name in CONTESTANTS
        }
        for site in sites.values():
            meet(arena, site)
        compare(arena, sites)
    return [*times(sites), *weights(sites)]


def meet(arena: Arena, site: Site) -> None:
    """The first page and a later one in each organisation. Weigh worker and connection after few, and after more and
    more of them.
    """
    before, met = set(arena.backends(site.name)), 0
    for number in steps(site):
        new, met = site.seats[met:number], number
        first, later = site.seconds(new), site.seconds(new)
        if number > FEW:  # The process itself is new in the first ones.
            site.first += first
            site.later += later
        own = set(arena.backends(site.name)) - before
        if not own:  # It has met too many (TENANTS_PER_CONNECTION), and the next page opens another.
            site.seconds(new[:1])
            own = set(arena.backends(site.name)) - before
        site.weights[number] = {
            "worker": mebibytes(site.server.worker)["pss"],
            "backend": mean(mebibytes(pid)["anonymous"] for pid in own),
        }


def steps(site: Site) -> list[int]:
    return [*(number for number in STEPS if number < len(site.seats)), len(site.seats)]


def compare(arena: Arena, sites: dict[str, Site]) -> None:
    """Rounds of few and of many organisations by turns."""
    random = Random(SEED)  # noqa: S311  as above
    for number in range(arena.size.rounds):
        for name in by_turns(sites, number):
            site = sites[name]
            site.few.append(site.visit(site.seats[:FEW], arena.size.requests, random))
            site.many.append(site.visit(site.seats, arena.size.requests, random))


def times(sites: dict[str, Site]) -> list[Row]:
    first = {name: site.first for name, site in sites.items()}
    meeting = {name: median(site.first) / median(site.later) for name, site in sites.items() if site.first}
    few = {name: site.few for name, site in sites.items()}
    many = {name: site.many for name, site in sites.items()}
    growth = {name: median(many[name]) / median(few[name]) for name in sites}
    number = len(sites[TENANTRY].seats)
    return [
        Row("profile page: p50 of the first in an organisation", "s", medians(first)),
        Row("profile page: the first in an organisation against later ones", "fold", meeting, at_most=1.5),
        Row(f"profile page: p50 over {FEW} organisations", "s", medians(few), (PLAIN_FAST,), rounds=few),
        Row(f"profile page: p50 over {number} organisations", "s", medians(many), (PLAIN_FAST,), rounds=many),
        Row(f"profile page: p50 over {number} against {FEW}", "fold", growth, at_most=1.1),
    ]


def weights(sites: dict[str, Site]) -> list[Row]:
    titles = {
        "worker": "memory of a web worker (PSS)",
        "backend": "memory of a connection's server process (anonymous)",
    }
    each = {name: growth(site.weights, "backend") for name, site in sites.items()}
    return [
        Row("memory of a connection's server process, each organisation more", "MiB", each, at_most=0.3),
        *(
            Row(
                f"{title}, {number} organisations",
                "MiB",
                {name: site.weights[number][kind] for name, site in sites.items()},
            )
            for kind, title in titles.items()
            for number in steps(sites[TENANTRY])
        ),
    ]


def growth(weights: dict[int, dict[str, float]], kind: str) -> float:
    """From the first organisations to all of them, for each one."""
    few, many = min(weights), max(weights)
    return (weights[many][kind] - weights[few][kind]) / (many - few)
