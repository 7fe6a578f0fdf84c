"""Jobs that the tests defer: each records where it ran and what it found there."""

from django.db import transaction
from procrastinate import RetryStrategy

from profiles.models import User
from tenants.context import required
from tenants.tasks import tenant_task

done: list[tuple[str, str]] = []


@tenant_task
def greet(pk: int) -> str:
    """The address of the member with this primary key, which every organisation has."""
    email = User.objects.get(pk=pk).email
    done.append((required().slug or "", email))
    return email


@tenant_task
def sweep() -> None:
    """Nothing, but fails."""
    raise LookupError("on purpose")


@tenant_task(retry=RetryStrategy(max_attempts=3, wait=7))
def fragile() -> None:
    """Fails, and may be tried again."""
    raise LookupError("on purpose")


@tenant_task(queue="mail", priority=-1)
def later() -> None:
    """Behind everything else in its queue."""


@tenant_task(lock="restless", queueing_lock="restless", retry=RetryStrategy(max_attempts=3))
def restless() -> None:
    """Asks to be done once more while it runs, and fails then."""
    done.append((required().slug or "", "restless"))
    if len(done) == 1:
        restless.defer()
        raise LookupError("on purpose")


@tenant_task
def undecided() -> None:
    """Defers a job in a transaction that is rolled back."""
    with transaction.atomic():
        greet.defer(pk=1)
        raise LookupError("on purpose")


@tenant_task(lock="report", queueing_lock="report")
def report() -> None:
    """One at a time in each organisation."""
