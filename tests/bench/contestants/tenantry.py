"""Tenantry, as it is."""

import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.members.bulk import change_roles
from profiles.models import Profile, User
from profiles.models.user import UserQuerySet
from profiles.people.export import columns_for, csv_of
from tenants.context import public, within
from tenants.models import Tenant
from tenants.organisations.sign_up import sign_up
from tenants.schemas.spares import discard, make_spare, top_up
from tests.bench.contestants.base import Contestant, new_slug, timed
from tests.bench.contestants.seats import Seat


class Tenantry(Contestant):
    def __init__(self) -> None:
        # A connection of its own, as the worker has, which makes the spares.
        self.worker = ThreadPoolExecutor(1)

    def prepare(self) -> None:
        call_command("migrate", verbosity=0)
        self.worker.submit(top_up).result()

    def make(self) -> dict[str, list[float]]:
        """Seconds of each sign-up until the stock is half empty, and of each spare that fills it again."""
        number = settings.SPARE_TENANTS - settings.SPARE_TENANTS // 2
        return {
            "sign-up": [self.timed_sign_up() for _ in range(number)],
            "refill": [self.worker.submit(timed_refill).result() for _ in range(number)],
        }

    def timed_sign_up(self) -> float:
        with timed() as seconds:
            self.sign_up()
        return seconds[0]

    def sign_up(self) -> Tenant:
        slug = new_slug()
        password = "bench"
        return sign_up(
            organisation="Bench", slug=slug, name="Ben Ch", email="ben@bench.example", password=password
        ).tenant

    def grow(self, organisations: int, people: list[int]) -> list[Seat]:
        """Have that many organisations. `people` says how many are in each; its last is for the rest."""
        with public():
            there = list(Tenant.objects.filter(state=Tenant.State.ACTIVE).order_by("pk"))
        there += [self.replenish_and_sign_up() for _ in range(organisations - len(there))]
        with public():
            for spare in Tenant.objects.spare():  # They would be migrated as well.
                discard(spare)
        return [self.furnish(tenant, people[min(at, len(people) - 1)]) for at, tenant in enumerate(there)]

    def replenish_and_sign_up(self) -> Tenant:
        self.worker.submit(make_spare).result()
        return self.sign_up()

    def invite_list(self, people: int) -> list[float]:
        """As invite_list() in a new organisation."""
        from tests.bench.contestants.lists import invite_list

        return invite_list(self.replenish_and_sign_up(), people)

    def have(self, organisations: int) -> int:
        """That many organisations at least; returns how many there are."""
        with public():
            there = Tenant.objects.organisations().count()
        for _ in range(organisations - there):
            self.replenish_and_sign_up()
        return max(there, organisations)

    def back_up(self, rounds: int) -> dict[str, list[float]]:
        from tests.bench.contestants.backups import seconds_of_backups

        return seconds_of_backups(rounds)

    def move(self, members: int, files: int) -> dict[str, float]:
        """MiB at the peak of an export and of its import, of a new organisation with so many members and files."""
        from tests.bench.contestants import moving

        tenant = self.replenish_and_sign_up()
        moving.grow(tenant, members=range(1, members + 1), files=range(files))
        exported, path = moving.peak_of(lambda: moving.export(tenant))
        imported, said = moving.peak_of(lambda: moving.try_import(path))
        if f" and {files} files" not in said:
            raise AssertionError(f"Another export than the one that was asked for: {said}")
        discard(tenant)
        return {"export": exported, "import": imported}

    def census(self) -> list[float]:
        from tests.bench.contestants.console import take_census

        return take_census()

    def list_organisations(self, organisations: int, rounds: int) -> list[float]:
        from tests.bench.contestants.console import list_pages

        return list_pages(organisations, rounds)

    def members(self, roles: int, few: int, many: int, batch: int) -> dict[str, Any]:
        """Change roles in bulk, and write the file of members, in an organisation of its own."""
        with within(self.replenish_and_sign_up()):
            owner = User.objects.get()
            people = (User(username=f"m{n:06}", last_name=f"No {n:06}") for n in range(many))
            made = User.objects.bulk_create(people, batch_size=5_000)
            keys = [member.pk for member in made[:roles]]

            def change(role: str) -> None:
                for at in range(0, roles, batch):
                    change_roles(actor=owner, roles=dict.fromkeys(keys[at : at + batch], role))

            with timed() as seconds, CaptureQueriesContext(connection) as captured:
                change("editor")
            memory = peak_of(lambda: change("reader"))  # Apart, since tracemalloc takes its time.
            peaks = [peak_of_file(owner, User.objects.filter(pk__lt=made[number - 1].pk)) for number in (few, many)]
        return {"seconds": seconds[0], "queries": len(captured), "memory": memory, "peaks": peaks}

    def whole(self) -> int:
        """How many organisations there are with an owner and a profile."""
        return sum(self.is_whole(tenant) for tenant in Tenant.objects.filter(state=Tenant.State.ACTIVE))

    def is_whole(self, tenant: Tenant) -> bool:
        with within(tenant):
            return User.objects.owners().count() == Profile.objects.count() == 1


def timed_refill() -> float:
    with timed() as seconds:
        make_spare()
    return seconds[0]


def peak_of_file(viewer: User, members: UserQuerySet) -> int:
    """As peak_of(), while the file of members is written."""

    def write() -> None:
        for _part in csv_of(members.by_name().select_related("profile"), columns_for(viewer)):
            pass

    return peak_of(write)


def peak_of(work: Callable[[], None]) -> int:
    """Bytes, at most, that Python has at once while this is done, beyond what it had before."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
