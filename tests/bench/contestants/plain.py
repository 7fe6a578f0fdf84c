"""Plain django-tenants. With TENANT_BASE_SCHEMA set, `make` clones; without, it migrates."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, transaction
from django_tenants.utils import quote_schema_name, tenant_context

from profiles.organisation.owners import make_owner
from tenants.context import public, within
from tenants.models import TEMPLATE_SCHEMA, Domain, Tenant
from tenants.organisations.sign_up import domain_of
from tenants.schemas.drift import read
from tenants.schemas.script import read_script
from tenants.schemas.spares import discard
from tests.bench.contestants.base import Contestant, new_slug, timed
from tests.bench.contestants.seats import Seat


class Plain(Contestant):
    @contextmanager
    def enter(self, tenant: Tenant) -> Iterator[Any]:
        with tenant_context(tenant), within(tenant):
            yield

    def prepare(self) -> None:
        """The shared tables, and the schema that new ones are cloned from or compared with."""
        call_command("migrate_schemas", shared=True, verbosity=0)
        Tenant(schema_name=TEMPLATE_SCHEMA, state=Tenant.State.TEMPLATE).save(verbosity=0)

    def make(self) -> dict[str, list[float]]:
        """Seconds of making one organisation: its schema, its domain, its owner."""
        password_hash = make_password("bench")
        with timed() as making:
            tenant = self.new_tenant()
            tenant.save(verbosity=0)
            Domain.objects.create(tenant=tenant, domain=domain_of(str(tenant.slug)), is_primary=True)
            with self.enter(tenant), transaction.atomic():
                make_owner(name="Ben Ch", email="ben@bench.example", password_hash=password_hash)
        return {"sign-up": making}

    def misnamed(self) -> int:
        """How many of the template's constraints and indexes the newest organisation has not, or under other names."""
        newest = Tenant.objects.filter(state=Tenant.State.ACTIVE).latest("pk").schema_name
        with public():
            found = read([TEMPLATE_SCHEMA, newest])
        missing = found[TEMPLATE_SCHEMA].keys() - found[newest].keys()
        return sum(kind in ("constraint", "index") for kind, _ in missing)

    def new_tenant(self) -> Tenant:
        slug = new_slug()
        return Tenant(name="Bench", slug=slug, slug_skeleton=slug, state=Tenant.State.ACTIVE)

    def grow(self, organisations: int, people: list[int]) -> list[Seat]:
        """Have that many organisations. `people` says how many are in each; its last is for the rest."""
        there = list(Tenant.objects.filter(state=Tenant.State.ACTIVE).order_by("pk"))
        there += self.replays(organisations - len(there))
        return [self.furnish(tenant, people[min(at, len(people) - 1)]) for at, tenant in enumerate(there)]

    def replays(self, number: int) -> list[Tenant]:
        """New organisations by the SQL that makes the template's schema: set-up, which is not measured."""
        with self.enter(Tenant.objects.get(state=Tenant.State.TEMPLATE)):
            script = read_script()
        return [self.replay(script) for _ in range(number)]

    @transaction.atomic
    def replay(self, script: str) -> Tenant:
        tenant = self.new_tenant()
        tenant.auto_create_schema = False
        tenant.save()
        Domain.objects.create(tenant=tenant, domain=domain_of(str(tenant.slug)), is_primary=True)
        with self.enter(tenant), connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {quote_schema_name(tenant.schema_name)}")
            cursor.execute(script)
        return tenant

    def keep(self, organisations: int) -> None:
        """Leave so many in the directory. The schemas of the others stay."""
        kept = (
            Tenant.objects.filter(state=Tenant.State.ACTIVE).order_by("pk").values_list("pk", flat=True)[:organisations]
        )
        Tenant.objects.filter(state=Tenant.State.ACTIVE).exclude(pk__in=list(kept)).delete()

    def differences(self) -> list[str]:
        """In what a replayed organisation is not what migrations make. Makes one of each."""
        (replayed,) = self.replays(1)
        migrated = self.new_tenant()
        migrated.save(verbosity=0)
        with public():
            found = read([replayed.schema_name, migrated.schema_name])
        ours, theirs = found[replayed.schema_name], found[migrated.schema_name]
        names = {thing for thing in ours.keys() | theirs.keys() if ours.get(thing) != theirs.get(thing)}
        for tenant in (replayed, migrated):
            discard(tenant)
        return sorted(f"{kind} {name}" for kind, name in names)
