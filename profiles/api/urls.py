"""Addresses of the API, of its reference, and of the pages of tokens."""

from collections.abc import Iterator

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


def operations() -> Iterator[URLPattern]:
    """The URL of each operation, by the app of its router."""
    for bound in api._get_bound_routers():
        for pattern in bound.urls_paths(bound.prefix):
            views = bound.path_operations.values()
            module = next(each.view_func.__module__ for view in views for each in view.operations)
            pattern.callback.registered_in = module  # type: ignore[attr-defined]  # profiles/testing/matrix.py asks
            yield pattern


urlpatterns = [
    path("api/v1/openapi.json", openapi, name="api_document"),
    path("api/v1/", include((list(operations()), "api-v1"))),
    path("account/api/", views.tokens, name="api_tokens"),
    path("account/api/new/", views.new_token, name="new_api_token"),
    path("account/api/reference/", views.reference, name="api_reference"),
    path("account/api/<int:pk>/renew/", views.renew_token, name="renew_api_token"),
    path("account/api/<int:pk>/revoke/", views.revoke_token, name="revoke_api_token"),
    path("settings/api/", views.organisation, name="api_settings"),
    path("settings/api/new/", views.new_service, name="new_api_service"),
    path("settings/api/revoke-all/", views.revoke_all, name="revoke_all_api_tokens"),
]
