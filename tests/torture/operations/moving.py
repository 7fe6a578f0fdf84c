"""What `export_organisation` and `import_organisation` do, with several hundred members and files."""

import tempfile
from io import StringIO
from pathlib import Path
from random import Random

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from profiles.models import User
from profiles.testing import new_organisation
from tenants.context import public, within
from tenants.models import Domain, Tenant
from tests.torture.arena import Arena
from tests.torture.operations.base import Operation, State, check_directory, demand
from tests.torture.processes import Command

MEMBERS, FILES = 300, 60


class Moving(Operation):
    """Has an organisation to move, and a folder for its file."""

    def __init__(self, arena: Arena, random: Random) -> None:
        super().__init__(arena, random)
        self.nursery = arena.nursery()
        self.source = new_organisation(f"source-{random.randrange(10**9)}")
        with within(self.source):
            User.objects.bulk_create([User(username=f"member{number}") for number in range(MEMBERS)])
            for number in range(FILES):
                default_storage.save(f"photos/{number}/512.webp", ContentFile(b"photo" * 10_000))
        self.folder = Path(tempfile.mkdtemp(prefix="moving-"))
        self.path = self.folder / "source.zip"

    def compare(self, other: str) -> None:
        try:
            call_command("compare_organisations", str(self.source.slug), other, stdout=StringIO())
        except CommandError as error:
            demand(holds=False, words=str(error))


class Export(Moving):
    name = "export of an organisation"

    def prepare(self) -> None:
        self.path.unlink(missing_ok=True)

    def start(self) -> Command:
        return self.nursery.begin("export_organisation", str(self.source.slug), "--output", str(self.path))

    def check(self) -> State:
        """A file that is whole is the same as its source. One that is not is refused by the import."""
        if not self.path.exists():
            return State.NOTHING
        try:
            call_command("import_organisation", str(self.path), slug="tried", dry_run=True, stdout=StringIO())
        except CommandError:
            return State.PART
        self.compare(str(self.path))
        return State.WHOLE

    def retry(self) -> None:
        self.prepare()
        again = self.start()
        again.wait()
        demand(again.status == 0 and self.check() is State.WHOLE, f"the second run ended with status {again.status}")


class Import(Moving):
    name = "import of an organisation"

    def __init__(self, arena: Arena, random: Random) -> None:
        super().__init__(arena, random)
        call_command("export_organisation", str(self.source.slug), output=str(self.path), stdout=StringIO())

    def prepare(self) -> None:
        self.slug = f"moved-{self.random.randrange(10**9)}"

    def start(self) -> Command:
        return self.nursery.begin("import_organisation", str(self.path), "--as", self.slug)

    def check(self) -> State:
        check_directory()
        with public():
            tenant = Tenant.objects.filter(slug=self.slug).first()
            demand(
                tenant or not Domain.objects.filter(domain__startswith=self.slug).exists(), "only its address is left"
            )
        if tenant is None:
            return State.NOTHING
        self.arena.renew()  # Who an organisation is, a process remembers for five seconds.
        status = self.arena.get(tenant.domain, "/account/login/").status
        demand(status == 200, f"it is there, and answers {status}")
        with within(tenant):
            demand(User.objects.count() == MEMBERS + 1, "it has not all its people")
            demand(len(default_storage.listdir("photos")[0]) == FILES, "it has not all its files")
        return State.WHOLE

    def retry(self) -> None:
        again = self.start()
        again.wait()
        # Where the first run had done it all, the address is taken.
        demand(self.check() is State.WHOLE, f"the second run ended with status {again.status}")
