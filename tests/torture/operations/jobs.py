"""What the worker does: the refill of spares, and mail."""

from random import Random
from typing import ClassVar

from django.conf import settings
from django.utils import timezone

from profiles.mail import outbox
from profiles.models import OutgoingMail
from profiles.testing import drop_jobs, new_organisation
from shared.mailbox import backend
from tenants.context import public, within
from tenants.limits.counting import SWEEP
from tenants.models import Tenant
from tenants.once.doing import SWEEP_ONCE
from tenants.schemas.drift import differences
from tenants.schemas.spares import LOOK_BACK, TOP_UP, ask_for_spares, discard
from tenants.tasks import RETRY_STALLED, retry_stalled
from tests.torture.arena import Arena
from tests.torture.operations.base import Operation, State, check_directory, demand, rows
from tests.torture.processes import Command

WORKER = ("procrastinate", "worker", "--one-shot")


LEFT = (
    "SELECT task_name, status, attempts FROM procrastinate_jobs WHERE NOT (status = 'failed' AND task_name = ANY(%s))"
)


class JobOperation(Operation):
    """Something that the worker does, in a process that ends when nothing waits."""

    # Jobs that may fail where PostgreSQL is gone, since a periodic one comes each minute.
    may_fail: ClassVar[list[str]] = [TOP_UP, RETRY_STALLED, SWEEP, SWEEP_ONCE]

    def __init__(self, arena: Arena, random: Random) -> None:
        super().__init__(arena, random)
        self.nursery = arena.nursery()

    def start(self) -> Command:
        return self.nursery.begin(*WORKER)

    def retry(self) -> None:
        """A minute later, as the next worker has it: heartbeats are old, periodic jobs are there, pauses are over."""
        rows("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")
        rows("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
        ask_for_spares()
        retry_stalled.configure(queueing_lock="torture").defer()
        worker = self.start()
        worker.wait()
        demand(worker.status == 0, f"the next worker ended with status {worker.status}")
        demand(not (left := rows(LEFT, self.may_fail)), f"jobs left: {left}")
        demand(self.check() is State.WHOLE, "the next worker has not done it")


class Refill(JobOperation):
    name = "refill of spares"

    def prepare(self) -> None:
        with public():
            for tenant in Tenant.objects.filter(state=Tenant.State.SPARE):
                discard(tenant)
            # A quiet week: the stock follows how many signed up in it, and many have just now.
            Tenant.objects.active().update(activated=timezone.now() - 2 * LOOK_BACK)
        drop_jobs()
        ask_for_spares()

    def check(self) -> State:
        check_directory()
        with public():
            spares = Tenant.objects.spare().count()
        demand(spares <= settings.SPARE_TENANTS, f"{spares} spares")
        return State.WHOLE if spares == settings.SPARE_TENANTS else State.PART if spares else State.NOTHING

    def retry(self) -> None:
        super().retry()
        with public():
            found = list(differences(list(Tenant.objects.spare())))
        demand(not found, f"spares differ from the template: {found[:3]}")


class Mail(JobOperation):
    name = "mail"
    each = 3

    def __init__(self, arena: Arena, random: Random) -> None:
        super().__init__(arena, random)
        self.tenant = new_organisation(f"letters-{random.randrange(10**9)}")
        self.number = 0

    def prepare(self) -> None:
        drop_jobs()
        self.number += 1
        self.subjects = [f"Message {self.number}.{each} of {self.tenant.slug}" for each in range(self.each)]
        with within(self.tenant):
            OutgoingMail.objects.all().delete()
            for subject in self.subjects:
                outbox.queue(to="reader@place.example", subject=subject, text="Text")
        self.before = set(backend.names())

    def check(self) -> State:
        sent = [backend.read(name) for name in set(backend.names()) - self.before]
        ids = {
            subject: {each.message["Message-ID"] for each in sent if each.subject == subject}
            for subject in self.subjects
        }
        demand(all(len(each) < 2 for each in ids.values()), f"the same mail has several Message-IDs: {ids}")
        with within(self.tenant):
            waiting = set(OutgoingMail.objects.values_list("subject", flat=True))
        gone = {subject for subject in self.subjects if not ids[subject]} - waiting
        demand(not gone, f"mail is lost: {gone}")
        self.sent = len(sent)
        done = self.each - len(waiting)
        return State.WHOLE if done == self.each else State.PART if done else State.NOTHING

    def retry(self) -> None:
        super().retry()
        self.note("mails sent twice, with the same Message-ID", self.sent - self.each)
