"""Who reads the audit log."""

from profiles.roles import MANAGERS, Member


def reads_audit_log(user: Member) -> bool:
    return user.is_active and user.role in MANAGERS
