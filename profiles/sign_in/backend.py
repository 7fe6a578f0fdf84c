"""How a member is found who signs in, and how a session loads its member: together with the profile, and with what
capabilities show (viewer_facts).
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from profiles.models import User
from profiles.models.user import UserQuerySet
from shared.capabilities.registry import viewer_facts
from shared.prepared import Prepared, later


class MemberBackend(AuthenticationBackend):
    """allauth's backend, which would take two statements for the two rows of a session's member."""

    def _authenticate_by_username(self, username: str, password: str) -> User | None:
        """As in allauth, which then compares small letters in Python: those of the dotless Turkish i and of its capital
        differ. PostgreSQL compares capital letters, of which no two members have the same.
        """
        return self._check_password(User.objects.filter(username__iexact=username).first(), password)

    def _get_group_permissions(self, user_obj: Any) -> QuerySet[Permission]:
        """Groups carry no rights on whole models: those follow from the role."""
        return Permission.objects.none()

    def get_user(self, user_id: Any) -> User | None:
        member = VIEWER.first(pk=user_id)
        return member if member and self.user_can_authenticate(member) else None


def viewer() -> UserQuerySet:
    facts = {name: expression() for name, expression in viewer_facts().items()}
    return User.objects.select_related("profile").annotate(**facts).filter(pk=later("pk", User._meta.pk))


VIEWER = Prepared(viewer)
