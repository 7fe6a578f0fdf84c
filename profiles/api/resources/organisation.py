"""The organisation. Its address can be changed only on the page, which asks for the password."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from profiles import roles
from profiles.api.answers import Input, Representation, Sparse, absolute, one, unless_changed
from profiles.api.problems import form_refused
from profiles.api.requests import ApiRequest
from profiles.api.scoped import needs
from profiles.api.showing import shows
from profiles.organisation.settings_form import SettingsForm
from tenants.context import required
from tenants.models import Tenant

router = Router(tags=["Organisation"])


class Organisation(Representation):
    """The organisation on whose host the API was asked."""

    key = "slug"

    slug: str
    name: str = ""
    language: str = Field("", description="Of pages and emails; empty: as in each person's browser.")
    url: str = ""


class OrganisationChange(Input):
    """What is left out stays."""

    name: str = Field(default_factory=str, min_length=1, max_length=100)
    language: str = Field(default_factory=str, max_length=16)


def shown() -> Organisation:
    tenant = required()
    return Organisation(slug=str(tenant.slug), name=tenant.name, language=tenant.language, url=absolute("/"))


shows(Tenant, "organisation", lambda _tenant: shown())


@router.get("/organisation", **needs("organisation:read"), response=Organisation, url_name="organisation")
def get_organisation(request: ApiRequest, asked: Query[Sparse]) -> HttpResponse:
    """Name and address."""
    return one(request, shown(), fields=asked.names(Organisation))


@router.patch(
    "/organisation", **needs("organisation:write", versioned=True), response=Organisation, url_name="organisation"
)
def change_organisation(request: ApiRequest, change: OrganisationChange) -> HttpResponse:
    """Change what is sent, and leave the rest. For owners and admins."""
    if not roles.edits_settings(request.user):
        raise PermissionDenied
    with unless_changed(request, request.user, shown):
        tenant = required()
        present = {"name": tenant.name, "slug": tenant.slug, "language": tenant.language}
        form = SettingsForm(present | change.model_dump(exclude_unset=True), tenant=tenant)
        if not form.is_valid() or not form.save():
            raise form_refused(form)
    return one(request, shown())
