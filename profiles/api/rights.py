"""Who may make and revoke tokens."""

from profiles.api.models import Token
from profiles.roles import Member, Role, manages, manages_members


def manages_tokens(user: Member) -> bool:
    """Manages the organisation's services and policy, and everyone's tokens."""
    return manages_members(user)


def revokes_all(user: Member) -> bool:
    return user.is_active and user.role == Role.OWNER


def revokes(user: Member, token: Token) -> bool:
    """The viewer's own tokens, and those of members and services that the viewer manages."""
    return user.pk == token.user_id or manages(user, token.user)
