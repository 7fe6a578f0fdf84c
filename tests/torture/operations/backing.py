"""What `backup` and `restore_organisation` do: a backup, a sandbox, and rows that are taken over from it."""

from io import StringIO
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from profiles.backups.models import Backup, Sandbox
from profiles.backups.restoring import verify
from profiles.models import Profile, User
from profiles.testing import new_organisation
from tenants.context import public, within
from tenants.models import Domain
from tests.torture.arena import Arena
from tests.torture.operations.base import Operation, State, check_directory, demand
from tests.torture.processes import Command

MEMBERS, FILES, GONE = 300, 40, 20


class Backing(Operation):
    """Has an organisation with members and files."""

    def __init__(self, arena: Arena, random: Random) -> None:
        super().__init__(arena, random)
        self.nursery = arena.nursery()
        self.tenant = new_organisation(f"backed-{random.randrange(10**9)}")
        with within(self.tenant):
            User.objects.bulk_create([User(username=f"member{number}") for number in range(MEMBERS)])
            for number in range(FILES):
                default_storage.save(f"photos/{number}/512.webp", ContentFile(b"photo" * 10_000))

    def restore(self, **options: Any) -> None:
        call_command("restore_organisation", str(self.tenant.slug), stdout=StringIO(), **options)

    def discard(self) -> None:
        with public():
            has_one = Sandbox.objects.filter(of=self.tenant).exists()
        if has_one:
            self.restore(discard=True)

    def retry(self) -> None:
        again = self.start()
        again.wait()
        demand(self.check() is State.WHOLE, f"the second run ended with status {again.status}")

    def start(self) -> Command:
        raise NotImplementedError


class BackUp(Backing):
    name = "backup of an organisation"

    def prepare(self) -> None:
        """Rows and a file that no backup has yet."""
        number = self.random.randrange(10**9)
        with within(self.tenant):
            Profile.objects.update(bio=f"Read {number} books")
            default_storage.save(f"photos/{number}/512.webp", ContentFile(str(number).encode()))
        with public():
            self.before = Backup.objects.filter(vault__tenant=self.tenant).done().count()

    def start(self) -> Command:
        return self.nursery.begin("backup", str(self.tenant.slug))

    def check(self) -> State:
        """What counts can be restored, the new one too."""
        with public():
            done = list(Backup.objects.filter(vault__tenant=self.tenant).done().order_by("-pk").select_related("vault"))
            is_begun = Backup.objects.filter(vault__tenant=self.tenant, state=Backup.State.RUNNING).exists()
        demand(len(done) >= self.before, "an earlier backup is lost")
        for backup in done[:2]:
            demand(not (faults := verify(backup)), f"a backup cannot be restored: {faults}")
        return State.WHOLE if len(done) > self.before else State.PART if is_begun else State.NOTHING


class Restore(Backing):
    name = "restore of an organisation"

    def __init__(self, arena: Arena, random: Random) -> None:
        super().__init__(arena, random)
        call_command("backup", str(self.tenant.slug), stdout=StringIO())

    def prepare(self) -> None:
        self.discard()

    def start(self) -> Command:
        return self.nursery.begin("restore_organisation", str(self.tenant.slug), "--at", "2100-01-01")

    def check(self) -> State:
        check_directory()
        with public():
            sandbox = Sandbox.objects.select_related("tenant").filter(of=self.tenant).first()
            address = Domain.objects.filter(domain__startswith=f"{self.tenant.slug}-sandbox").exists()
        demand(address == (sandbox is not None), "there is a sandbox without address, or an address without sandbox")
        if sandbox is None:
            return State.NOTHING
        with within(sandbox.tenant):
            demand(User.objects.count() == MEMBERS + 1, "it has not all its people")
            demand(len(default_storage.listdir("photos")[0]) == FILES, "it has not all its files")
        return State.WHOLE


class TakeRows(Backing):
    name = "rows taken over from a sandbox"

    def __init__(self, arena: Arena, random: Random) -> None:
        super().__init__(arena, random)
        self.restore()

    def prepare(self) -> None:
        with within(self.tenant):
            User.objects.filter(username__in=[f"member{number}" for number in range(GONE)]).delete()
            default_storage.delete("photos/0/512.webp")

    def start(self) -> Command:
        chosen = ["--rows", "profiles.User", "--file", "photos/0/512.webp"]
        return self.nursery.begin("restore_organisation", str(self.tenant.slug), "--take-over", *chosen)

    def check(self) -> State:
        with within(self.tenant):
            people, profiles = User.objects.count(), Profile.objects.count()
            has_file = default_storage.exists("photos/0/512.webp")
        demand(people == profiles, f"{people} people have {profiles} profiles")
        demand(people in (MEMBERS + 1, MEMBERS + 1 - GONE), f"{people} people are there")
        is_whole = people == MEMBERS + 1
        demand(has_file or not is_whole, "the people are there, and their file is not")
        return State.WHOLE if is_whole else State.PART if has_file else State.NOTHING
