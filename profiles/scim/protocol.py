"""Answers the requests below /scim/v2/. https://www.rfc-editor.org/rfc/rfc7644"""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from scim2_models import (
    Context,
    ListResponse,
    PatchOp,
    PreconditionFailedException,
    Resource,
    ResourceType,
    Schema,
    ScimProvider,
    SearchRequest,
)

from profiles.api.requests import ApiRequest
from profiles.roles import manages_members
from profiles.scim.answers import described, is_among, one, sent, speaks_scim
from profiles.scim.endpoints import Endpoint, endpoint
from profiles.scim.filters import Conditions, key
from profiles.scim.messages import message_about
from profiles.scim.models import Directory
from profiles.scim.offered import ENDPOINTS
from profiles.scim.reading import asked, body
from profiles.scim.resources import config
from tenants.context import required

FURTHEST = 10**9


def directory_of(request: ApiRequest) -> Directory:
    """The directory whose service sends the request. Raises PermissionDenied if its role was taken away."""
    directory = Directory.current()
    if directory is None or directory.service_id != request.user.pk or not manages_members(directory.service):
        raise PermissionDenied
    return directory


def endpoint_of(name: str) -> Endpoint:
    try:
        return endpoint(name)
    except KeyError:
        raise Http404 from None


@speaks_scim
def resources(request: ApiRequest, endpoint: str) -> HttpResponse:
    """GET a list, or POST a new resource."""
    directory, place = directory_of(request), endpoint_of(endpoint)
    if request.method == "POST":
        wanted: Any = place.model.model_validate(
            place.completed(body(request)), scim_ctx=Context.RESOURCE_CREATION_REQUEST
        )
        with transaction.atomic():
            place.lock(directory)
            row = place.make(directory, wanted)
        return one(request, shown(place, endpoint, row.pk), status=201)
    return listed(place, endpoint, asked(request, place.model))


def listed(place: Endpoint, endpoint: str, search: SearchRequest[Any]) -> HttpResponse:
    rows = place.rows()
    if search.filter:
        rows = rows.filter(Conditions(place.columns).visit(search.filter.ast))
    start = min(search.start_index or 1, FURTHEST)
    count = min(settings.SCIM_PAGE if search.count is None else search.count, settings.SCIM_PAGE)
    found = list(rows[start - 1 : start - 1 + count]) if count else []
    # One page that is not full needs no second statement.
    is_whole = start == 1 and len(found) < count
    page = place.shown(found, leaving_out(search))
    answer = message_about(ListResponse, place.model)(
        total_results=len(found) if is_whole else rows.order_by().count(),
        start_index=start,
        items_per_page=len(page),
        resources=[described(each, f"{endpoint}/{each.id}") for each in page],
    )
    return sent(answer.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=search))


def leaving_out(search: SearchRequest[Any]) -> set[str]:
    """Attributes that need not be loaded."""
    if search.attributes:
        named = {str(path).partition(".")[0].lower() for path in search.attributes}
        return {"groups", "members"} - named
    return {str(path).lower() for path in search.excluded_attributes or ()}


@speaks_scim
def resource(request: ApiRequest, endpoint: str, id: str) -> HttpResponse:  # noqa: A002  SCIM's word
    """GET, replace, change or delete one resource."""
    directory, place = directory_of(request), endpoint_of(endpoint)
    search = asked(request, place.model)
    if request.method in ("GET", "HEAD"):
        return one(request, shown(place, endpoint, key(id), leaving_out(search)), search)
    sends = None if request.method == "DELETE" else body(request)
    with transaction.atomic():
        place.lock(directory, key(id))
        changed = change(request, directory, place, before=shown(place, endpoint, key(id)), sends=sends)
    if not changed or (request.method == "PATCH" and not place.answers_patches and not search.attributes):
        return nothing()
    return one(request, shown(place, endpoint, key(id)), search)


def change(request: ApiRequest, directory: Directory, place: Endpoint, *, before: Any, sends: Any) -> bool:
    """Do what a PUT, PATCH or DELETE says. Is there anything to show afterwards?"""
    known = request.headers.get("If-Match", "")
    if known and not is_among(before.meta.version, known):
        raise PreconditionFailedException
    row = place.rows().get(pk=before.id)
    if request.method == "DELETE":
        place.remove(directory, row)
        return False
    wanted = patched(before, sends) if request.method == "PATCH" else replaced(before, place.completed(sends))
    place.change(directory, row, before=before, wanted=wanted)
    return True


def patched(before: Any, sends: Any) -> Any:
    model: Any = type(before)
    operations = message_about(PatchOp, model).model_validate(sends, scim_ctx=Context.RESOURCE_PATCH_REQUEST)
    wanted = before.model_copy(deep=True)
    operations.patch(wanted)
    return wanted


def replaced(before: Any, sends: Any) -> Any:
    """What a PUT leaves out stays, but for the externalId."""
    wanted = type(before).model_validate(sends, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
    wanted.replace(before)
    for name in type(before).model_fields:
        if name != "external_id" and name not in wanted.model_fields_set:
            setattr(wanted, name, getattr(before, name))
    return wanted


def shown(place: Endpoint, endpoint: str, pk: Any, without: set[str] = frozenset()) -> Resource[Any]:  # type: ignore[assignment]
    """Raises Http404."""
    row = place.rows().filter(pk=pk).first() if pk is not None else None
    if row is None:
        raise Http404
    return described(place.shown([row], without)[0], f"{endpoint}/{row.pk}")


def nothing() -> HttpResponse:
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response


@speaks_scim
def service(_request: HttpRequest) -> HttpResponse:
    """What of SCIM is supported."""
    found = config(required().url("/"))
    return sent(described(found, "ServiceProviderConfig").model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))


def provider() -> ScimProvider:
    return ScimProvider(models=[endpoint(name).model for name in ENDPOINTS])


@speaks_scim
def discovery(request: HttpRequest, kind: str, id: str = "") -> HttpResponse:  # noqa: A002  SCIM's word
    """The types of resources, or their schemas: all, or one."""
    model: Any = {"ResourceTypes": ResourceType, "Schemas": Schema}[kind]
    if "filter" in request.GET:
        raise PermissionDenied  # https://www.rfc-editor.org/rfc/rfc7644#section-4
    known = provider().resource_types if kind == "ResourceTypes" else provider().schemas
    found = [described(each.model_copy(deep=True), f"{kind}/{each.id}") for each in known]
    if id:
        matching = [each for each in found if each.id == id]
        if not matching:
            raise Http404
        return sent(matching[0].model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))
    answer = message_about(ListResponse, model)(
        total_results=len(found), start_index=1, items_per_page=len(found), resources=found
    )
    return sent(answer.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))
