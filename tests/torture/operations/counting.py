"""What the nightly census does: figures of all organisations, in batches."""

from random import Random

from django.utils import timezone

from profiles.models import User
from profiles.testing import new_organisation
from tenants.context import within
from tests.torture.arena import Arena
from tests.torture.operations.base import Operation, State, demand, rows
from tests.torture.processes import Command

ORGANISATIONS, MEMBERS = 6, 5
TAKE = "from profiles.operators import census; census.BATCH = 2; census.take()"
FIGURES = """
SELECT tenant.schema_name, census.members, census.owners, census.schema_bytes > 0, census.at >= %s
FROM operators_census census JOIN tenants_tenant tenant ON tenant.id = census.tenant_id
"""


class TakeCensus(Operation):
    """Each figure is the one before or the one after: a killed census has counted some batches, and none by half."""

    name = "census of organisations"

    def __init__(self, arena: Arena, random: Random) -> None:
        super().__init__(arena, random)
        self.nursery = arena.nursery()
        self.tenants = [new_organisation(f"counted-{random.randrange(10**9)}") for _ in range(ORGANISATIONS)]
        self.names = {tenant.schema_name for tenant in self.tenants}
        self.members = 1  # the owner
        self.began = timezone.now()

    def prepare(self) -> None:
        """Some more members in each, so that old figures differ from new ones. All were counted before."""
        if not self.figures():
            self.start().wait()
        self.before = self.members
        self.members += MEMBERS
        for tenant in self.tenants:
            with within(tenant):
                User.objects.bulk_create([User(username=f"m{self.members}-{n}") for n in range(MEMBERS)])
        self.began = timezone.now()

    def start(self) -> Command:
        return self.nursery.begin("shell", "--verbosity", "0", "--command", TAKE)

    def figures(self) -> dict[str, tuple[int, int, bool, bool]]:
        return {name: tuple(more) for name, *more in rows(FIGURES, self.began) if name in self.names}

    def check(self) -> State:
        found = self.figures()
        demand(found.keys() == self.names, f"figures are lost: of {len(found)} organisations")
        new = {name for name, (*_, is_new) in found.items() if is_new}
        for name, (members, owners, has_size, is_new) in found.items():
            demand(members == (self.members if is_new else self.before), f"{name}: {members} members")
            demand(owners == 1 and has_size, f"{name}: {owners} owners, has a size: {has_size}")
        return State.WHOLE if new == self.names else State.PART if new else State.NOTHING

    def retry(self) -> None:
        again = self.start()
        again.wait()
        demand(again.status == 0 and self.check() is State.WHOLE, f"the second run ended with status {again.status}")
