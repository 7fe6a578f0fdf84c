"""Access to people: each page finds the member it is about through one of these functions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from profiles import roles
from profiles.models import Profile, User
from profiles.requests import MemberRequest


def member_to_see(request: MemberRequest, username: str) -> User:
    """Somebody whom the viewer may look at. Raises Http404 for all others, whether they exist or not."""
    if "\0" in username:
        raise Http404  # PostgreSQL has no such text, and refuses to look for it.
    visible = User.objects.visible_to(request.user).select_related("profile")
    return get_object_or_404(visible.named(username))


def profile_to_see(request: MemberRequest, username: str) -> Profile:
    """The profile of somebody whom the viewer may look at. Raises Http404 as above."""
    try:
        return member_to_see(request, username).profile
    except Profile.DoesNotExist:
        raise Http404 from None


def profile_to_edit(request: MemberRequest, username: str) -> Profile:
    """The viewer's own profile. Raises PermissionDenied for one that they may only see, Http404 as above."""
    profile = profile_to_see(request, username)
    if not roles.edits_profile(request.user, profile):
        raise PermissionDenied("Only its owner can change a profile.")
    return profile


def managers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for owners and admins; other members get 403. Visitors have been sent to sign in before."""

    @wraps(view)
    def check(request: MemberRequest, **kwargs: Any) -> HttpResponse:
        if not roles.manages_members(request.user):
            raise PermissionDenied
        return view(request, **kwargs)

    return check
