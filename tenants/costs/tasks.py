"""Deletes the usage of months that are long past."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from tenants.context import public
from tenants.costs.models import Usage

KEPT = timedelta(days=2 * 365)
FORGET = "costs.forget"


@app.periodic(cron="37 4 1 * *")
@app.task(name=FORGET, queueing_lock=FORGET)
def forget(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    with public():
        Usage.objects.filter(month__lt=timezone.now().date() - KEPT).delete()
