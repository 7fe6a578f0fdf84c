"""Inviting many people by a list, as the page and its jobs do it."""

import resource

from allauth.account.models import EmailAddress
from django.db import connection

from profiles.bulk_invitations import changes
from profiles.bulk_invitations.lines import decode, read
from profiles.bulk_invitations.models import Batch
from profiles.bulk_invitations.sending import send_some
from profiles.models import Invitation, User
from tenants.context import public, within
from tenants.models import Tenant
from tests.bench.contestants.base import noting, timed

KIBIBYTES = 1024


def invite_list(tenant: Tenant, people: int) -> list[float]:
    """Seconds, statements, and MiB more at the peak. Raises RuntimeError unless all are invited."""
    with public():  # A new organisation sends a few invitations only.
        Tenant.objects.filter(pk=tenant.pk).update(activated=None)
    tenant.refresh_from_db()
    file = "email;role;name\n" + "".join(f"p{n}@{tenant.slug}.example;editor;Person {n}\n" for n in range(people))
    seen: list[str] = []
    before = peak()
    with within(tenant):
        owner = User.objects.get()
        EmailAddress.objects.update_or_create(user=owner, email=owner.email, defaults={"verified": True})
        with timed() as seconds, connection.execute_wrapper(noting(seen)):
            batch = changes.draft(actor=owner, people=read(decode(file.encode()), role="reader"))
            changes.send(actor=owner, pk=batch.pk)
            while not Batch.objects.filter(pk=batch.pk).exclude(done=None).exists():
                send_some(pk=batch.pk)
        if (invited := Invitation.objects.count()) != people:
            raise RuntimeError(f"{invited} of {people} are invited.")
    return [seconds[0], len(seen), peak() - before]


def peak() -> float:
    """The most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTES
