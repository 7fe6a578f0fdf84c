"""Operators place an organisation from their console, and see on its page where it is and how far a placing is."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateJob

from tenants.models import Tenant
from tenants.nodes.engine import Node, nodes
from tenants.nodes.placed import is_cluster, is_placed, places
from tenants.nodes.preflight import STATES
from tenants.nodes.tasks import COORDINATOR, ask, latest_jobs
from tenants.organisations.operating import OperatorAction, OperatorColumn, ReasonForm


class PlaceForm(ReasonForm):
    node = forms.ChoiceField(label=gettext_lazy("Node"))

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, tenant=tenant, **kwargs)
        choices = [(node.name, f"{node.name} ({node.address})") for node in others(tenant)]
        self.fields["node"].choices = choices  # type: ignore[attr-defined]


def others(tenant: Tenant) -> list[Node]:
    """The nodes that it can be placed on, without the one that it is on."""
    here = places([tenant.schema_name]).get(tenant.schema_name)
    return [each for each in nodes() if each.takes_organisations and each.name not in (COORDINATOR, here)]


class Place(OperatorAction):
    name = "place"
    label = gettext_lazy("Place on a node")
    consequence = gettext_lazy(
        "From the coordinator, its rows are first copied into tables that can be on a node: its pages wait meanwhile, "
        "for a few seconds and longer if it is big. Then it is moved while it is in use."
    )
    order = 55
    form = PlaceForm

    def is_offered(self, tenant: Tenant) -> bool:
        return tenant.state in STATES and is_cluster()

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        ask(tenant, values["node"])
        return _("%(organisation)s will be placed on %(node)s. Its progress is on this page.") % {
            "organisation": tenant.name,
            "node": values["node"],
        }


class BringBack(OperatorAction):
    name = "bring_back"
    label = gettext_lazy("Bring back to the coordinator")
    consequence = gettext_lazy(
        "It is moved while it is in use. Then its rows are copied into ordinary tables: its pages wait meanwhile, for "
        "a few seconds and longer if it is big."
    )
    order = 56

    def is_offered(self, tenant: Tenant) -> bool:
        return tenant.state in STATES and is_placed(tenant)

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        ask(tenant, "")
        return _("%(organisation)s will be brought back. Its progress is on this page.") % {"organisation": tenant.name}


def servers(tenants: Sequence[Tenant]) -> dict[int, str]:
    """Where each is, if it is placed, and what its job does. In two statements."""
    schemas = [tenant.schema_name for tenant in tenants]
    where, jobs = places(schemas), latest_jobs(schemas)
    lines = {
        tenant.pk: [
            where.get(tenant.schema_name, ""),
            progress(jobs.get(tenant.schema_name), where.get(tenant.schema_name)),
        ]
        for tenant in tenants
    }
    return {key: "\n".join(filter(None, each)) for key, each in lines.items() if any(each)}


def progress(job: ProcrastinateJob | None, here: str | None) -> str:
    """What a job does, by the catalogue: it is changed at the end of each step."""
    if job is None:
        return ""
    words = {"node": job.args["node"] or COORDINATOR}
    if job.status == "todo":
        return _("waits to go to %(node)s") % words
    if job.status == "failed":
        return _("could not go to %(node)s") % words
    if here is None or (not job.args["node"] and here == COORDINATOR):
        return _("its rows are being copied, for %(node)s") % words
    return _("is moving to %(node)s") % words


def is_shown() -> bool:
    return bool(settings.CITUS)


PLACE, BRING_BACK = Place(), BringBack()
SERVER = OperatorColumn(name="server", label=gettext_lazy("Server"), where="list", values=servers, is_shown=is_shown)
