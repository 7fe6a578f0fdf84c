"""The audit log by the API, for members who may read its page."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import Field

from profiles.api.answers import Paged, Representation, Sparse, one, page, page_of
from profiles.api.requests import ApiRequest
from profiles.api.scoped import needs
from profiles.api.scopes import READ, resource
from profiles.audit.forms import EntryFilter
from profiles.audit.models import Entry
from profiles.audit.rights import reads_audit_log

router = Router(tags=["Activity log"])
resource("audit", _("Activity log"), READ)


class AuditEntry(Representation):
    """One action. Names are stored as they were at that time."""

    key = "id"

    id: int
    at: datetime | None = None
    kind: str = ""
    actor: Entry.Actor = Entry.Actor.SYSTEM
    actor_name: str = ""
    via: str = Field("", description="The token of the program that acted for the actor.")
    about: list[dict[str, str]] = Field([], description="What it was done to: type, id and name.")
    changes: dict[str, Any] = Field({}, description="Fields, with what they were and became; null if that is private.")
    address: str | None = None
    request: str = Field("", description="The same for all that one request has done.")


class EntriesAsked(Paged):
    q: str = Field("", max_length=200, description="Words with which the names of members begin.")
    kind: str = Field("", max_length=60)
    since: date | None = Field(None, description="The first day (UTC).")
    until: date | None = Field(None, description="The last day (UTC).")


def shown(entry: Entry) -> AuditEntry:
    named = ("id", "at", "kind", "actor", "actor_name", "via", "about", "changes", "address", "request")
    return AuditEntry(**{name: getattr(entry, name) for name in named})


def allow(request: ApiRequest) -> None:
    if not reads_audit_log(request.user):
        raise PermissionDenied


@router.get("/audit", **needs("audit:read"), response=page_of(AuditEntry), url_name="audit")
def list_audit_entries(request: ApiRequest, asked: Query[EntriesAsked]) -> HttpResponse:
    """All entries of the organisation, the newest first."""
    allow(request)
    filters = EntryFilter(asked.model_dump(include={"q", "kind", "since", "until"}))
    return page(request, filters.narrow(Entry.objects.order_by("-at", "-pk")), asked, AuditEntry, shown)


@router.get("/audit/{int:id}", **needs("audit:read"), response=AuditEntry, url_name="audit_entry")
def get_audit_entry(request: ApiRequest, id: int, asked: Query[Sparse]) -> HttpResponse:  # noqa: A002  in the address
    """One entry."""
    allow(request)
    return one(request, shown(get_object_or_404(Entry, pk=id)), fields=asked.names(AuditEntry))
