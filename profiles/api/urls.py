"""Addresses of the API, of its reference, and of the pages of tokens."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, include, path
from django.views.decorators.http import require_safe

from profiles.api import views
from profiles.api.v1 import api, document


@login_not_required
@require_safe
def openapi(_request: HttpRequest) -> JsonResponse:
    return JsonResponse(document())


operations = [each for each in api.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"]

urlpatterns = [
    path("api/v1/openapi.json", openapi, name="api_document"),
    path("api/v1/", include((operations, "api-v1"))),
    path("account/api/", views.tokens, name="api_tokens"),
    path("account/api/new/", views.new_token, name="new_api_token"),
    path("account/api/reference/", views.reference, name="api_reference"),
    path("account/api/<int:pk>/renew/", views.renew_token, name="renew_api_token"),
    path("account/api/<int:pk>/revoke/", views.revoke_token, name="revoke_api_token"),
    path("settings/api/", views.organisation, name="api_settings"),
    path("settings/api/new/", views.new_service, name="new_api_service"),
    path("settings/api/revoke-all/", views.revoke_all, name="revoke_all_api_tokens"),
]
