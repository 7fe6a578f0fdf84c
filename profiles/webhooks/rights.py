"""Who manages webhooks. Messages contain what owners and admins see."""

from profiles.roles import Member, manages_members


def manages_webhooks(user: Member) -> bool:
    return manages_members(user)
