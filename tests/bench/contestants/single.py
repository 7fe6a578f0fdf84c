"""Django without tenancy."""

from django.core.management import call_command

from tenants.models import Tenant
from tests.bench.contestants.base import Contestant
from tests.bench.contestants.seats import Seat

# What the pages show of an organisation. It is in no database.
ONLY = Tenant(name="Bench", slug="bench", schema_name="public", state=Tenant.State.ACTIVE)
ONLY.domain = "bench.localhost"


class Single(Contestant):
    def prepare(self) -> None:
        call_command("migrate", verbosity=0)

    def grow(self, organisations: int, people: list[int]) -> list[Seat]:
        """There is one, whatever is wished."""
        return [self.furnish(ONLY, people[0])]

    def two_organisations(self) -> list[Tenant]:
        return [ONLY]
