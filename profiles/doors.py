"""The doors to people: each page finds whom it is about by one of these, and nobody else."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
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
