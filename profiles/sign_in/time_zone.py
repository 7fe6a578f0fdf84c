"""The time zone that a new member's browser sends when they first sign in."""

from django.http import HttpRequest

from profiles.models import Profile, User
from profiles.models.profile import known_time_zones

FIELD = "time_zone"  # A hidden field in sign-in forms, filled in by static/profiles/js/sign_in.js.


def note(request: HttpRequest, member: User) -> None:
    """Store the time zone, unless the member has one. Ignores unknown names."""
    told = request.POST.get(FIELD, "")
    if told in known_time_zones():
        Profile.objects.filter(user=member, time_zone="").update(time_zone=told)
