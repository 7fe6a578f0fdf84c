"""Every hour: reminds owners, and removes organisations whose period has ended."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from profiles.leaving.models import Departure
from profiles.leaving.telling import tell_owners
from tenants.context import public, within
from tenants.errors import WrongState
from tenants.models import Tenant
from tenants.organisations.remove import remove
from tenants.organisations.suspend import change_state

logger = logging.getLogger(__name__)

REMINDERS = (1, 7)  # days before
END = "profiles.end_departures"


# One at a time, since the removal of a large organisation takes long.
@app.periodic(cron="23 * * * *")
@app.task(name=END, lock=END, queueing_lock=END)
def end_departures(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """A failure does not stop the others. Raises ExceptionGroup with all failures."""
    with public():
        Departure.objects.filter(tenant__state=Tenant.State.ACTIVE).delete()
        leaving = list(Departure.objects.suspended().select_related("tenant"))
        due = list(Departure.objects.due().select_related("tenant"))
    failures: list[Exception] = []
    for departure in [*leaving, *due]:
        try:
            end(departure) if departure in due else remind(departure)
        except WrongState as error:
            logger.info("%s was not removed: %s", departure.tenant.schema_name, error)
        except Exception as error:  # noqa: BLE001  raised below, once the others are done
            failures.append(error)
    if failures:
        raise ExceptionGroup("Organisations that leave could not be reminded or removed.", failures)


@transaction.atomic
def remind(departure: Departure) -> None:
    """Mail the owners a week and a day before, once each; not if the first mail came later than that."""
    left, whole = departure.due - timezone.now(), departure.due - departure.asked
    days = next((days for days in REMINDERS if left <= timedelta(days=days) < whole), None)
    if days is None or (departure.reminded or days + 1) <= days or not departure.tenant.is_complete:
        return
    with public():
        if not Departure.objects.filter(pk=departure.pk, reminded=departure.reminded).update(reminded=days):
            return
    with within(departure.tenant):
        tell_owners(departure, "leaving_soon")


def end(departure: Departure) -> None:
    """Remove the organisation, unless an owner keeps it at this moment. From now on, no owner can."""
    with public(), transaction.atomic():
        due = Departure.objects.due().select_for_update(of=["self"])
        if due.filter(pk=departure.pk).first() is None:
            return
        leaving = [Tenant.State.SUSPENDED, Tenant.State.LEAVING]
        change_state(departure.tenant, since=leaving, to=Tenant.State.LEAVING)
    remove(departure.tenant)
