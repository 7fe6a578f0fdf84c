"""The page of an organisation's sandbox in the console, and what is done with the whole of it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from profiles.backups.models import Sandbox
from profiles.backups.showing import lines_about
from profiles.console_sandboxes.actions import DISCARD, MAKE, ON_ITS_PAGE, SANDBOX, TAKE_OVER
from profiles.operators.access import lookers, operators, organisation
from profiles.operators.acting import page_of, refused
from profiles.operators.rights import operates
from profiles.requests import MemberRequest
from tenants.context import public
from tenants.models import Tenant
from tenants.once.doing import once


def with_sandbox(pk: int) -> Tenant:
    """An organisation that can have a sandbox. Raises Http404."""
    tenant = organisation(pk)
    if tenant.is_operators or not SANDBOX.is_offered(tenant):
        raise Http404
    return tenant


def sandbox_of(tenant: Tenant) -> Sandbox | None:
    with public():
        return Sandbox.objects.select_related("tenant", "of").filter(of=tenant).first()


@lookers
@require_safe
def console_sandbox(request: MemberRequest, pk: int) -> HttpResponse:
    """Numbers of rows, and no people."""
    tenant = with_sandbox(pk)
    sandbox = sandbox_of(tenant)
    is_comparable = sandbox is not None and sandbox.tenant.is_complete
    may_act = operates(request.user)

    def address_of(what: str) -> str:
        return reverse("console_sandbox_rows", args=[pk, what]) if may_act else ""

    possible = (TAKE_OVER, DISCARD) if sandbox else (MAKE,)
    context = {
        "tenant": tenant,
        "sandbox": sandbox,
        "is_comparable": is_comparable,
        "rows": lines_about(sandbox, address_of) if sandbox and is_comparable else [],
        "actions": possible if may_act else (),
    }
    return render(request, "profiles/console_sandbox.html", context)


@operators
@require_http_methods(["GET", "HEAD", "POST"])
@once
def console_sandbox_action(request: MemberRequest, pk: int, name: str) -> HttpResponse:
    tenant = with_sandbox(pk)
    if name not in ON_ITS_PAGE:
        raise Http404
    action, back = ON_ITS_PAGE[name], reverse("console_sandbox", args=[pk])
    if not action.is_offered(tenant):
        return refused(request, back)
    return page_of(request, action, tenant, back=back)
