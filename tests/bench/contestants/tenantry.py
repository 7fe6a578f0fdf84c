"""Tenantry, as it is."""

from django.core.management import call_command

from tenants.context import public
from tenants.models import Tenant
from tenants.sign_up import sign_up
from tenants.spares import make_spare
from tests.bench.contestants.base import Contestant, new_slug, timed
from tests.bench.contestants.seats import Seat


class Tenantry(Contestant):
    def prepare(self) -> None:
        call_command("migrate", verbosity=0)

    def make(self) -> list[float]:
        """Seconds of one sign-up, with a spare there, and of making that spare."""
        with timed() as refill:
            make_spare()
        with timed() as making:
            self.sign_up()
        return making + refill

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
        there += [self.sign_up() for _ in range(organisations - len(there))]
        return [self.furnish(tenant, people[min(at, len(people) - 1)]) for at, tenant in enumerate(there)]
