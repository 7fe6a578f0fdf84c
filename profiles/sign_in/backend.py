"""How a session loads its member: together with the profile, whose photo is in each page's header."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from profiles.models import User


class MemberBackend(AuthenticationBackend):
    """allauth's backend, which would take two statements for the two rows."""

    def _get_group_permissions(self, user_obj: Any) -> QuerySet[Permission]:
        """Groups carry no rights on whole models: those follow from the role."""
        return Permission.objects.none()

    def get_user(self, user_id: Any) -> User | None:
        member = User.objects.select_related("profile").filter(pk=user_id).first()
        return member if member and self.user_can_authenticate(member) else None
