"""Jobs that the tests defer: each writes down where it ran and what it found there."""

from procrastinate import RetryStrategy

from profiles.models import User
from tenants.context import required
from tenants.tasks import tenant_task

done: list[tuple[str, str]] = []


@tenant_task
def greet(pk: int) -> str:
    """The address of the member with this primary key, whom every organisation has."""
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


@tenant_task(lock="report", queueing_lock="report")
def report() -> None:
    """One at a time in each organisation."""
