"""What `remove_organisation` does, beside an organisation that must not notice."""

from random import Random

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from profiles.models import User
from profiles.testing import new_organisation
from tenants.context import public, within
from tenants.models import Tenant
from tenants.schemas.drift import differences
from tests.torture.arena import Arena
from tests.torture.operations.base import Operation, State, check_directory, demand, rows
from tests.torture.processes import Command

ROLES = "SELECT rolname FROM pg_roles WHERE rolname = %s"
FILES = 20


class Remove(Operation):
    name = "removal of an organisation"

    def __init__(self, arena: Arena, random: Random) -> None:
        super().__init__(arena, random)
        self.nursery = arena.nursery()
        self.neighbour = self.furnished()

    def furnished(self) -> Tenant:
        tenant = new_organisation(f"leaving-{self.random.randrange(10**9)}")
        with within(tenant):
            for number in range(FILES):
                default_storage.save(f"photos/{number}/64.webp", ContentFile(b"photo"))
        return tenant

    def prepare(self) -> None:
        self.tenant = self.furnished()

    def start(self) -> Command:
        return self.nursery.begin("remove_organisation", str(self.tenant.slug), "--no-input")

    def check(self) -> State:
        with public():
            state = Tenant.objects.values_list("state", flat=True).get(pk=self.tenant.pk)
        self.arena.renew()  # Who an organisation is, a process remembers for five seconds.
        status = self.arena.get(self.tenant.domain, "/account/login/").status
        self.check_neighbour()
        if state == Tenant.State.ACTIVE:
            demand(status == 200, f"an organisation whose removal has not begun answers {status}")
            demand(not list(differences([self.tenant])), "its removal has not begun, and its schema is not whole")
            return State.NOTHING
        demand(status == 404, f"{state}, it answers {status}")
        if state == Tenant.State.LEAVING:
            return State.PART
        check_directory()
        demand(not rows(ROLES, self.tenant.schema_name), "its role is left")
        with within(self.tenant):
            demand(not default_storage.exists(""), "files are left")
        return State.WHOLE

    def check_neighbour(self) -> None:
        with within(self.neighbour):
            demand(User.objects.count() == 1, "the neighbour has lost its people")
            demand(len(default_storage.listdir("photos")[0]) == FILES, "the neighbour has lost files")

    def retry(self) -> None:
        again = self.start()
        again.wait()
        demand(again.status == 0 and self.check() is State.WHOLE, f"the second run ended with status {again.status}")
