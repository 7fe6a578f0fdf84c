"""Invitations, for those who manage members: send, send again, revoke."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router
from pydantic import Field

from profiles.access import managers_only
from profiles.api.answers import Input, Paged, Representation, Sparse, nothing, one, page, page_of
from profiles.api.problems import Refused, form_refused, state_refused, values_refused
from profiles.api.requests import ApiRequest
from profiles.api.resources.members import no_owner
from profiles.api.scoped import needs
from profiles.api.showing import shows
from profiles.invitations import changes as verbs
from profiles.invitations.forms import InvitationForm
from profiles.models import Invitation
from profiles.roles import Role
from profiles.seats import NO_SEAT
from tenants.limits.requests import count

router = Router(tags=["Invitations"])


class InvitationShown(Representation):
    """An invitation that can still be accepted, or be sent again once it has expired. Its link is in the mail only."""

    key = "id"

    id: int
    email: str = ""
    role: Role = Role.READER
    message: str = ""
    invited_by: str | None = Field(None, description="The username of the member who sent it last.")
    created: datetime | None = None
    expires: datetime | None = None
    is_expired: bool = False


class NewInvitation(Input):
    email: str = Field(max_length=254, json_schema_extra={"format": "email"})
    role: Role = Role.READER
    message: str = Field("", max_length=1000, description="Added to the email.")


def shown(invitation: Invitation) -> InvitationShown:
    named = ("id", "email", "role", "message", "created", "expires", "is_expired")
    inviter = invitation.invited_by
    values = {name: getattr(invitation, name) for name in named}
    return InvitationShown(**values, invited_by=inviter.username if inviter else None)


shows(Invitation, "invitation", shown)


def opened(id: int) -> Invitation:  # noqa: A002  the name in the address
    """The open invitation with this id. Raises Http404."""
    return get_object_or_404(Invitation.objects.open().select_related("invited_by"), pk=id)


@router.get("/invitations", **needs("invitations:read"), response=page_of(InvitationShown), url_name="invitations")
@managers_only
def list_invitations(request: ApiRequest, asked: Query[Paged]) -> HttpResponse:
    """The open invitations, the newest first."""
    whole = Invitation.objects.open().select_related("invited_by")
    return page(request, whole, asked, InvitationShown, shown)


@router.post(
    "/invitations",
    **needs("invitations:write", for_assistants=True),
    response={201: InvitationShown},
    url_name="invitations",
)
@managers_only
def invite(request: ApiRequest, new: NewInvitation) -> HttpResponse:
    """Invite a person by email."""
    no_owner(new.role)
    count(request, "invite", account=str(request.user.pk))
    form = InvitationForm(new.model_dump(mode="json"), actor=request.user)
    if not form.is_valid():
        raise form_refused(form)
    try:
        invitation = verbs.invite(actor=request.user, **form.cleaned_data)
    except ValidationError as error:
        raise refused(error, field="email") from error
    response = one(request, shown(invitation), status=201)
    response["Location"] = reverse("api-v1:invitation", args=[invitation.pk])
    return response


@router.get("/invitations/{int:id}", **needs("invitations:read"), response=InvitationShown, url_name="invitation")
@managers_only
def get_invitation(request: ApiRequest, id: int, asked: Query[Sparse]) -> HttpResponse:  # noqa: A002
    """One open invitation."""
    return one(request, shown(opened(id)), fields=asked.names(InvitationShown))


@router.post(
    "/invitations/{int:id}/resend", **needs("invitations:write"), response=InvitationShown, url_name="resend_invitation"
)
@managers_only
def resend_invitation(request: ApiRequest, id: int) -> HttpResponse:  # noqa: A002
    """Send it again, in the name of the token's member. The link in the earlier email stops working."""
    invitation = opened(id)
    no_owner(invitation.role)
    count(request, "invite", account=str(request.user.pk))
    try:
        verbs.resend(actor=request.user, invitation=invitation)
    except ValidationError as error:
        raise refused(error) from error
    return one(request, shown(opened(id)))


@router.delete("/invitations/{int:id}", **needs("invitations:write"), response={204: None}, url_name="invitation")
@managers_only
def revoke_invitation(request: ApiRequest, id: int) -> HttpResponse:  # noqa: A002
    """Revoke it: its link stops working."""
    invitation = opened(id)
    no_owner(invitation.role)
    verbs.revoke(actor=request.user, invitation=invitation)
    return nothing()


def refused(error: ValidationError, *, field: str = "") -> Refused:
    """409 if no seat is free: no other value would help."""
    return state_refused(error) if getattr(error, "code", "") == NO_SEAT else values_refused(error, field=field)
