"""The time zone that the browser of a new member tells when they first sign in."""

from django.http import HttpRequest

from profiles.models import Profile, User
from profiles.models.profile import known_time_zones

FIELD = "time_zone"  # Hidden in forms that sign in; the browser fills it in (static/profiles/js/sign_in.js).


def note(request: HttpRequest, member: User) -> None:
    """Keep what was told, unless a time zone is known. What is none is ignored."""
    told = request.POST.get(FIELD, "")
    if told in known_time_zones():
        Profile.objects.filter(user=member, time_zone="").update(time_zone=told)
