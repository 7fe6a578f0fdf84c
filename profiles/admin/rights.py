"""Who may open Django's admin, and what it may ask about whole models."""

from profiles.roles import MANAGERS, Member


def opens_admin(user: Member) -> bool:
    return user.is_active and user.role in MANAGERS


# By role. Objects have their own rules: see the admin classes here.
PERMISSIONS = frozenset(
    f"profiles.{permission}"
    for permission in (
        *("view_user", "add_user", "change_user"),
        *("view_profile", "change_profile"),
    )
)
