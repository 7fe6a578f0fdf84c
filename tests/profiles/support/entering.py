"""What tests of support sign-ins share: a visit, and what is written of it."""

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps

from profiles.audit.models import Entry
from profiles.testing import SiteClient
from tenants.context import public, within
from tenants.models import Tenant

REASON = "The photo of Rita is missing"


def consent(acme: Tenant, access: str) -> None:
    with public():
        Tenant.objects.filter(pk=acme.pk).update(support_access=access)


def console(acme: Tenant) -> str:
    return f"/console/organisations/{acme.pk}/support/"


def given(member: str = "reader", **more: object) -> dict[str, object]:
    return {"member": member, "minutes": "30", "reason": REASON, **more}


def enter(acme: Tenant, operator: SiteClient, member: str = "reader") -> SiteClient:
    consent(acme, "on")
    link = urlsplit(operator.post(console(acme), given(member))["Location"])
    assert link.hostname == acme.domain
    browser = SiteClient(acme)
    assert browser.get(link.path)["Location"] == "/"
    return browser


def notices() -> Any:
    return apps.get_model("notices", "Notice").objects


def entries(tenant: Tenant, kind: str) -> list[Entry]:
    with within(tenant):
        return list(Entry.objects.filter(kind=kind))
