"""Access to the console: each of its views asks for a right, and finds its organisation here."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from profiles.operators.rights import operates, sees_console
from profiles.requests import MemberRequest
from shared.capabilities.registry import imported
from tenants.context import public
from tenants.models import Tenant
from tenants.organisations.operating import OperatorAction

View = Callable[..., HttpResponseBase]


def _for(right: Callable[..., bool], view: View) -> View:
    @wraps(view)
    def check(request: MemberRequest, **kwargs: object) -> HttpResponseBase:
        if not right(request.user):
            raise PermissionDenied
        return view(request, **kwargs)

    return check


def lookers(view: View) -> View:
    """Decorate a view for all operators."""
    return _for(sees_console, view)


def operators(view: View) -> View:
    """Decorate a view for owners and admins of the operators' organisation."""
    return _for(operates, view)


def organisation(pk: int) -> Tenant:
    """The organisation with its figures, and also one that is gone. Raises Http404 for spares and the template."""
    with public():
        rows = Tenant.objects.exclude(slug=None).select_related("census").prefetch_related("domains")
        return get_object_or_404(rows, pk=pk)


def actions() -> list[OperatorAction]:
    """Everything that operators can do to organisations, in the order of the page."""
    return sorted(imported("operator_actions"), key=lambda action: action.order)


def offered(tenant: Tenant) -> list[OperatorAction]:
    """What can be done to this organisation now. Nothing to the operators' own."""
    return [] if tenant.is_operators else [action for action in actions() if action.is_offered(tenant)]


def action_named(name: str) -> OperatorAction:
    """Raises Http404."""
    found = next((action for action in actions() if action.name == name and not action.url_name), None)
    if found is None:
        raise Http404
    return found
