"""What `migrate` does: all organisations to the next release, and back."""

from random import Random

from profiles.testing import new_organisation
from tenants.context import as_owner, public
from tenants.models import Tenant
from tenants.schemas.drift import differences
from tests.tomorrow import TODAY
from tests.torture.arena import Arena
from tests.torture.operations.base import Operation, State, demand, rows
from tests.torture.processes import Command

ORGANISATIONS = 12
FORWARD, BACK = ["migrate"], ["migrate", "profiles", TODAY]
# Everything that tells one state of a schema from another.
SIGNATURES = """
SELECT table_schema, md5(string_agg(concat_ws(' ', table_name, column_name, data_type), ',' ORDER BY table_name,
    column_name))
FROM information_schema.columns WHERE table_schema LIKE 't\\_%%' OR table_schema = 'tenant_template' GROUP BY 1
"""
BUSY_TRIES = 50


class Migrate(Operation):
    name = "migration of all"

    def __init__(self, arena: Arena, random: Random) -> None:
        super().__init__(arena, random)
        with public():
            missing = ORGANISATIONS - Tenant.objects.active().count()
        for _ in range(missing):
            new_organisation(f"moving-{random.randrange(10**9)}")
        self.nursery = arena.nursery(TORTURE_RELEASE="tests.tomorrow")
        self.command = BACK
        # What each state looks like, by the fingerprint that it is noted with.
        self.today = self.look()
        self.run(FORWARD)
        self.tomorrow = self.look()
        self.run(BACK)

    def look(self) -> tuple[str, str]:
        """Fingerprint and signature of all. Raises Torn unless they are the same."""
        states = set(self.states().values())
        demand(len(states) == 1, f"after the whole way there are {len(states)} states")
        return states.pop()

    def states(self) -> dict[str, tuple[str, str]]:
        with as_owner():  # PostgreSQL shows no one else all columns.
            signatures = dict(rows(SIGNATURES))
        with public():
            tenants = Tenant.objects.standing().values_list("schema_name", "fingerprint")
            return {schema: (fingerprint, signatures.get(schema, "no schema")) for schema, fingerprint in tenants}

    def prepare(self) -> None:
        self.command = BACK if self.command is FORWARD else FORWARD

    def start(self) -> Command:
        return self.nursery.begin(*self.command, "--jobs", "2", "--verbosity", "0")

    def run(self, command: list[str]) -> None:
        """To its end. A killed one's last statement may hold the lock for a moment: then a person tries again."""
        for tries in range(BUSY_TRIES):
            process = self.nursery.begin(*command, "--verbosity", "0")
            process.wait()
            if process.status == 0:
                self.note("waits for what a killed migrate had begun", tries)
                return
        demand(holds=False, words=f"{' '.join(command)} ended with status {process.status}")

    def check(self) -> State:
        source, target = (self.today, self.tomorrow) if self.command is FORWARD else (self.tomorrow, self.today)
        states = self.states()
        for schema, (fingerprint, signature) in states.items():
            known = {self.today[0]: self.today[1], self.tomorrow[0]: self.tomorrow[1]}.get(fingerprint, signature)
            demand(known == signature, f"{schema} is not what its fingerprint says")
        self.check_served(states)
        if set(states.values()) == {target}:
            return State.WHOLE
        return State.NOTHING if set(states.values()) == {source} else State.PART

    def check_served(self, states: dict[str, tuple[str, str]]) -> None:
        """Today's code serves what is as today, and nothing else."""
        self.arena.renew()  # Who an organisation is, a process remembers for five seconds.
        with public():
            tenants = list(Tenant.objects.active().order_by("?")[:2])
        for tenant in tenants:
            expected = 302 if states[tenant.schema_name] == self.today else 503
            status = self.arena.get(tenant.domain, "/").status
            demand(status == expected, f"{tenant.schema_name} answers {status} instead of {expected}")

    def retry(self) -> None:
        self.run(self.command)
        demand(self.check() is State.WHOLE, "the retry has not brought all organisations there")
        with public():
            tenants = list(Tenant.objects.exclude(state=Tenant.State.TEMPLATE))
        demand(not (different := list(differences(tenants))), f"not as the template: {', '.join(map(str, different))}")

    def finish(self) -> None:
        """Leave the database as today's code needs it."""
        self.run(BACK)
