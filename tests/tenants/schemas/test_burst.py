"""Twenty organisations sign up within a second, and the stock holds three."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, connections

from profiles.models import HandOff, ProfileUserObjectPermission, User
from tenants.context import within
from tenants.models import Domain, Tenant
from tenants.organisations.sign_up import sign_up
from tenants.schemas.drift import differences
from tenants.schemas.spares import LOOK_AGAIN_SECONDS, TOP_UP, make_spare, top_up

pytestmark = pytest.mark.slow

TWENTY = 20
IN_STOCK = 3


@pytest.fixture
def worker(committed):
    """Refills the stock on request, in a thread: procrastinate's worker would need another process."""
    over = Event()

    def run() -> None:
        try:
            while not over.wait(LOOK_AGAIN_SECONDS[0]):
                with connection.cursor() as cursor:
                    cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = %s", [TOP_UP])
                if cursor.rowcount:
                    top_up()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        yield
        over.set()
        running.result()


def club(number: int) -> tuple[Tenant, float]:
    """A new organisation, and how long its owner waited, in seconds."""
    began = time.monotonic()
    try:
        owner: Any = {"name": "Ada Club", "email": "ada@club.example", "password": "plenty of rocket fuel"}
        new = sign_up(organisation=f"Club {number}", slug=f"burst-{number}", **owner)
    finally:
        connections.close_all()
    return new.tenant, time.monotonic() - began


def test_twenty_at_once_get_twenty_whole_organisations(worker, settings):
    settings.SIGN_UP_SECONDS = 60
    for _ in range(IN_STOCK):
        make_spare()
    with ThreadPoolExecutor(TWENTY) as pool:
        tenants, waits = zip(*pool.map(club, range(TWENTY)), strict=True)
    assert len({tenant.schema_name for tenant in tenants}) == TWENTY
    assert Domain.objects.filter(domain__startswith="burst-", tenant__in=tenants).count() == TWENTY
    for tenant in tenants:
        with within(tenant):
            owner = User.objects.get()
            assert ProfileUserObjectPermission.objects.get().content_object == owner.profile
            assert EmailAddress.objects.get().user == HandOff.objects.get().user == owner
    assert not list(differences(tenants))
    assert max(waits) < settings.SIGN_UP_SECONDS
