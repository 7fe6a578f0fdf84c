"""Access to people: each page loads the member that it is about with one of these functions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from profiles import roles
from profiles.models import Profile, User
from profiles.models.profile import may_change
from profiles.models.user import UserQuerySet, normalised
from profiles.requests import MemberRequest


def member_to_see(request: MemberRequest, username: str) -> User:
    """The member with this username, in any spelling, if the viewer may see them. Otherwise raises Http404, whether the
    member exists or not.
    """
    return one_of(User.objects.visible_to(request.user), username)


def profile_to_see(request: MemberRequest, username: str) -> Profile:
    """The profile of a member that the viewer may see. Raises Http404 as above.

    The same statement also checks whether the viewer may change it (profiles.roles.edits_profile).
    """
    viewer = request.user
    asked = may_change(user=viewer.pk, profile=OuterRef("profile__pk"))
    member = one_of(User.objects.visible_to(viewer).annotate(is_changeable=asked), username)
    try:
        profile = member.profile
    except Profile.DoesNotExist:
        raise Http404 from None
    profile.permitted = (viewer.pk, member.is_changeable)
    return profile


def profile_to_edit(request: MemberRequest, username: str) -> Profile:
    """The viewer's own profile. Raises PermissionDenied if they may only see it, and Http404 as above."""
    profile = profile_to_see(request, username)
    if not roles.edits_profile(request.user, profile):
        raise PermissionDenied(_("Only its owner can change a profile."))
    return profile


def one_of(members: UserQuerySet, username: str) -> Any:
    """The one of these members with this username, in any spelling, with the profile. Raises Http404 if none has it."""
    if "\0" in username:
        raise Http404  # PostgreSQL cannot store such text, and refuses it in queries.
    return get_object_or_404(members.select_related("profile"), username__iexact=normalised(username))


def managers_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a view for owners and admins; other members get 403. Visitors are redirected to sign-in before."""

    @wraps(view)
    def check(request: MemberRequest, **kwargs: Any) -> HttpResponseBase:
        if not roles.manages_members(request.user):
            raise PermissionDenied
        return view(request, **kwargs)

    return check
