"""The session of an operator who is signed in as a member: how it begins, what it may do, and how it ends."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve
from django.utils.translation import gettext_lazy as _

from profiles.models import User
from profiles.operators.rights import operates
from profiles.roles import Role
from profiles.sign_in import sessions
from profiles.sign_in.session_store import OPERATOR
from profiles.support.models import Visit
from shared.capabilities.registry import not_for_support
from tenants.context import public, within
from tenants.events import operated_by
from tenants.models import Tenant

KEY = "support_visit"
REFUSED = _("Support cannot do this in a member’s place. The member can do it, or an owner.")


def begin(request: HttpRequest, visit: Visit) -> None:
    """Sign the operator in as the member. It is no sign-in of the member, and does not count as one."""
    member = visit.member
    before = member.last_login
    with operated_by(visit.operator):
        sessions.begin(request, member)
    User.objects.filter(pk=member.pk).update(last_login=before)
    request.session[KEY] = visit.pk
    request.session[OPERATOR] = visit.operator


class SupportMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_support(request):
            return self.get_response(request)
        visit = open_visit(request.session[KEY])
        if visit is None:
            logout(request)
            return render(request, "profiles/support_over.html", status=403)
        request.support_visit = visit  # type: ignore[attr-defined]  # the banner shows it
        with operated_by(visit.operator):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Raises PermissionDenied, which is answered with these words."""
        if hasattr(request, "support_visit") and is_closed(request):
            raise PermissionDenied(REFUSED)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What asks for the member's password is not for others."""
        if hasattr(request, "support_visit") and isinstance(error, ReauthenticationRequired):
            return render(request, "403.html", {"exception": REFUSED}, status=403)
        return None


def is_support(request: HttpRequest) -> bool:
    return bool(getattr(request, "tenant", None)) and KEY in getattr(request, "session", {})


def is_closed(request: HttpRequest) -> bool:
    """Is the address closed to support (not_for_support), or would a member become an owner?"""
    name = resolve(request.path_info).view_name
    if any(fnmatchcase(name, pattern) for pattern in not_for_support()):
        return True
    return any(value == Role.OWNER for key, value in request.POST.items() if key.rpartition("-")[2] == "role")


def open_visit(pk: Any) -> Visit | None:
    """The visit, unless it is over, or its operator has lost the right to it."""
    visits = Visit.objects.open().select_related("member")
    visit = visits.filter(pk=pk).first() if isinstance(pk, int) else None
    if visit is None:
        return None
    with public():
        staff = Tenant.objects.active().filter(is_operators=True).first()
    if staff is None:
        return None
    with within(staff):
        operator = User.objects.filter(pk=visit.operator_key).first()
        return visit if operator and operates(operator) else None


def banner(page: Any) -> dict[str, Any] | None:
    visit = getattr(page.get("request"), "support_visit", None)
    return {"visit": visit} if visit else None
