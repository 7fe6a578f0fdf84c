"""RoleBackend: answers what Django's admin asks about whole models, from the member's role."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from profiles.admin.rights import PERMISSIONS, opens_admin


class RoleBackend(BaseBackend):
    """Rights on models by role. Rights on objects come from guardian alone."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return obj is None and user_obj.is_authenticated and opens_admin(user_obj) and perm in PERMISSIONS

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return app_label == "profiles" and user_obj.is_authenticated and opens_admin(user_obj)
