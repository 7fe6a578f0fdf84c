"""The request that views of members get, for their annotations."""

from django.http import HttpRequest

from profiles.models import User


class MemberRequest(HttpRequest):
    """A request of somebody signed in: of every view that is not marked `login_not_required`."""

    user: User
