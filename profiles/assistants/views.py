"""/mcp/, and the page that explains how to connect an assistant."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from profiles.api.problems import Refused, problem
from profiles.api.requests import ApiRequest
from profiles.assistants.tools import operations
from profiles.requests import MemberRequest
from tenants.context import required


@csrf_exempt  # It does not use cookies.
@login_not_required  # It uses a token: profiles/api/middleware.py.
@require_POST
def mcp(request: ApiRequest) -> HttpResponse:
    """One message. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http"""
    if request.content_type != "application/json":
        return problem(Refused(415, _("The body has to be %(type)s.") % {"type": "application/json"}))
    if (origin := request.headers.get("Origin")) and origin != required().url("").rstrip("/"):
        return problem(Refused(403, _("Browsers on other sites may not send requests here.")))
    from profiles.assistants.answers import answered  # here, since the protocol's types take long to import

    return answered(request)


@require_safe
def assistants(request: MemberRequest) -> HttpResponse:
    address = required().url("/mcp/")
    return render(request, "profiles/assistants.html", {"address": address, "operations": operations().values()})
