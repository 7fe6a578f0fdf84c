"""Services: members that are programs, and act by a token alone."""

from django.db.models import Exists, OuterRef, Q

from profiles.api.models import Token


def services() -> Q:
    """The users that are services, also after their token was revoked."""
    return Q(Exists(Token.objects.filter(user=OuterRef("pk"), is_service=True)))
