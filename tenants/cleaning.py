"""What is deleted at night: `@nightly` registers a function, and a job in each organisation calls them all."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tenants.context import public, within
from tenants.models import Tenant
from tenants.tasks import tenant_task

Function = TypeVar("Function", bound=Callable[..., Any])

_nightly: list[Callable[[], Any]] = []


def nightly(function: Function) -> Function:
    """Have a function called without arguments in each active organisation, once a night.

    @nightly
    def forget_old_drafts():
        Draft.objects.filter(updated__lt=timezone.now() - KEPT).delete()
    """
    _nightly.append(function)
    return function


# Behind all work that a person waits for.
@tenant_task(name="tenants.clean_up", aliases=["profiles.tasks.clean_up"], queueing_lock="clean_up", priority=-1)
def clean_up() -> None:
    """Call everything that is registered. One that fails does not keep the others from being done.

    Raises ExceptionGroup with all failures.
    """
    failures: list[Exception] = []
    for function in _nightly:
        try:
            function()
        except Exception as error:  # noqa: BLE001  raised below, once the others are done
            failures.append(error)
    if failures:
        raise ExceptionGroup("Nightly work of an organisation failed.", failures)


CLEAN_UP = "tenants.clean_up_everywhere"


@app.periodic(cron="17 3 * * *")
@app.task(name=CLEAN_UP, aliases=["profiles.clean_up_everywhere"], queueing_lock=CLEAN_UP)
def clean_up_everywhere(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Queue a job for each active organisation: each is done, and fails, alone."""
    with public():
        tenants = list(Tenant.objects.active())
    for tenant in tenants:
        # Yesterday's may still be waiting.
        with within(tenant), suppress(AlreadyEnqueued):
            clean_up.defer()
