"""Who may take rows and files over from a sandbox."""

from profiles.roles import Member, Role


def takes_over(user: Member) -> bool:
    """Rows of any kind: also roles and settings."""
    return user.is_active and user.role == Role.OWNER
