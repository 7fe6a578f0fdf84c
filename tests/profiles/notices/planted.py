"""Notices for tests."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from profiles.models import User
from profiles.notices.models import Notice
from tenants.context import public, within
from tenants.models import Tenant

ROLE = {"kind": "member.role_changed", "model": "profiles.user", "words": {"by": "Olga Owner", "role": "admin"}}


def plant(tenant: Tenant, member: User, number: int = 1, **values: Any) -> list[Notice]:
    """As many notices of one member, the last one the newest."""
    with within(tenant):
        made = [Notice(**{"to_id": member.pk, "key": str(member.pk)} | ROLE | values) for _ in range(number)]
        return Notice.objects.bulk_create(made)


def stored(tenant: Tenant, **query: Any) -> list[Notice]:
    with within(tenant):
        return list(Notice.objects.filter(**query).select_related("to").order_by("pk"))


def make_due(tenant: Tenant) -> None:
    """All that is to be mailed later is to be mailed now, by the jobs that wait for it."""
    with within(tenant):
        Notice.objects.exclude(due=None).update(due=timezone.now() - timedelta(seconds=1))
    with public(), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE task_name = 'notices.mail'")
