"""The type of requests in views for members."""

from django.http import HttpRequest

from profiles.models import User


class MemberRequest(HttpRequest):
    """A signed-in member's request, in every view without `login_not_required`."""

    user: User
