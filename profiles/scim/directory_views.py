"""The views below /scim/v2/, which directories call.

Each imports the module that answers when it is called: SCIM's models take half a second to import, and most commands
load the URLs too.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from profiles.api.requests import ApiRequest

# None of them checks a CSRF token: no cookie signs a request in here (profiles/api/middleware.py).


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def resources(request: ApiRequest, endpoint: str) -> HttpResponse:
    from profiles.scim import protocol

    return protocol.resources(request, endpoint=endpoint)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def resource(request: ApiRequest, endpoint: str, id: str) -> HttpResponse:  # noqa: A002  SCIM's word
    from profiles.scim import protocol

    return protocol.resource(request, endpoint=endpoint, id=id)


@csrf_exempt
@require_safe
def service(request: HttpRequest) -> HttpResponse:
    from profiles.scim import protocol

    return protocol.service(request)


@csrf_exempt
@require_safe
def discovery(request: HttpRequest, kind: str, id: str = "") -> HttpResponse:  # noqa: A002  SCIM's word
    from profiles.scim import protocol

    return protocol.discovery(request, kind=kind, id=id)
