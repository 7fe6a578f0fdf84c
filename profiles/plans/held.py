"""Which plan an organisation has now, and what it allows. Each web process remembers the plans of all organisations."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise

from profiles.plans.models import HeldPlan
from shared.plans import Plan
from tenants.backend.rollback import on_rollback
from tenants.context import public
from tenants.models import Tenant
from tenants.serving import hosts

# A number that differs after any change, as that of the directory (tenants/serving/hosts.py).
VERSION = "SELECT count(*), sum(hash_record_extended((tenant_id, xmin), 0)) FROM plans_heldplan"
FIELDS = ("plan", "until", "after", "exceptions")


class Held(NamedTuple):
    plan: str
    until: datetime | None
    after: str
    exceptions: Mapping[str, int | None]

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until <= timezone.now()

    @property
    def name(self) -> str:
        """The plan of this moment: the end does not wait for the job that notes it (ending.py)."""
        return self.after if self.is_over else self.plan

    @property
    def ends(self) -> datetime | None:
        return None if self.is_over else self.until

    @property
    def title(self) -> str | Promise:
        return title_of(self.name)

    @property
    def title_before(self) -> str | Promise:
        """Of the plan that ends, or has ended."""
        return title_of(self.plan)

    @property
    def title_after(self) -> str | Promise:
        return title_of(self.after)

    def allows(self, name: str) -> int | None:
        if name in self.exceptions:
            return self.exceptions[name]
        return plan_named(self.name).allowances.get(name)


def plan_named(name: str) -> Plan:
    """A name that config/plans.py has no longer stands for the default plan."""
    return settings.PLANS.get(name) or settings.PLANS[settings.DEFAULT_PLAN]


def title_of(name: str) -> str | Promise:
    return settings.PLANS[name].title if name in settings.PLANS else name


def default() -> Held:
    return Held(settings.DEFAULT_PLAN, None, "", {})


def held(tenant: Tenant) -> Held:
    """Without a statement in a web process, where another process's change is known after some seconds at most."""
    if _memory.is_current:
        return _memory.plans.get(tenant.pk) or default()
    with public():
        row = HeldPlan.objects.filter(tenant=tenant.pk).values_list(*FIELDS).first()
    return Held(*row) if row else default()


def allowed(tenant: Tenant, name: str) -> int | None:
    """The answer to tenants.allowances.allowance(). Operators are not limited by plans."""
    return None if tenant.is_operators else held(tenant).allows(name)


def known_plan(tenant: Tenant) -> str:
    """The plan's name, as this process knows it: never with a statement."""
    return (_memory.plans.get(tenant.pk) or default()).name


class Memory:
    """Read when the directory has changed. Workers and commands are not told that, so they remember nothing."""

    def __init__(self) -> None:
        self.is_current = False
        self.version: Any = None
        self.plans: dict[int, Held] = {}


_memory = Memory()


def remember(**kwargs: Any) -> None:
    """Read all plans, if one has changed (tenants.signals.directory_changed)."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        version = cursor.fetchone()
    if version != _memory.version:
        rows = HeldPlan.objects.values_list("tenant_id", *FIELDS)
        _memory.plans = {key: Held(*row) for key, *row in rows}
        _memory.version = version
    _memory.is_current = True


def doubt() -> None:
    """Ask the database until the plans are read again."""
    _memory.is_current = False


def renew(tenant: Tenant) -> None:
    """Let all processes read the plans: an update of a row of the directory is a change of it."""
    with public():
        Tenant.objects.filter(pk=tenant.pk).update(is_sandbox=F("is_sandbox"))
    doubt()
    transaction.on_commit(doubt)
    on_rollback(doubt)
    hosts.forget()
