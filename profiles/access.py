"""Access to people: each page loads the member that it is about with one of these functions."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from profiles import roles
from profiles.models import Profile, User
from profiles.models.profile import may_change
from profiles.models.user import normalised
from profiles.requests import MemberRequest
from shared.prepared import Prepared, later


def member_to_see(request: MemberRequest, username: str) -> User:
    """The member with this username, in any spelling, if the viewer may see them. Otherwise raises Http404, whether the
    member exists or not.
    """
    members = User.objects.visible_to(request.user).select_related("profile")
    return get_object_or_404(members, username__iexact=wanted(username))


def profile_to_see(request: MemberRequest, username: str) -> Profile:
    """The profile of a member that the viewer may see. Raises Http404 as above.

    The same statement also checks whether the viewer may change it (profiles.roles.edits_profile).
    """
    viewer = request.user
    seen: Any = members_seen(viewer.role, viewer.is_active).first(viewer=viewer.pk, username=wanted(username))
    if not hasattr(seen, "profile"):
        raise Http404
    seen.profile.permitted = (viewer.pk, seen.is_changeable)
    return seen.profile


@cache
def members_seen(role: str, is_active: bool) -> Prepared[User]:
    """The member with a username, if a viewer with this role may see them."""

    def query() -> QuerySet[User]:
        asked = may_change(user=later("viewer", User._meta.pk), profile=OuterRef("profile__pk"))
        members = User.objects.visible_to(User(role=role, is_active=is_active)).annotate(is_changeable=asked)
        username = later("username", User._meta.get_field("username"))
        return members.select_related("profile").filter(username__iexact=username)

    return Prepared(query)


def wanted(username: str) -> str:
    """As it is looked up. Raises Http404 for one that PostgreSQL could not store, and refuses in queries."""
    if "\0" in username:
        raise Http404
    return normalised(username)


def profile_to_edit(request: MemberRequest, username: str) -> Profile:
    """The viewer's own profile. Raises PermissionDenied if they may only see it, and Http404 as above."""
    profile = profile_to_see(request, username)
    if not roles.edits_profile(request.user, profile):
        raise PermissionDenied(_("Only its owner can change a profile."))
    return profile


def managers_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a view for owners and admins; other members get 403. Visitors are redirected to sign-in before."""

    @wraps(view)
    def check(request: MemberRequest, **kwargs: Any) -> HttpResponseBase:
        if not roles.manages_members(request.user):
            raise PermissionDenied
        return view(request, **kwargs)

    return check
