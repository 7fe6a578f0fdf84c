"""Who defines fields, and who sees and edits their values: each question is one predicate."""

from profiles.custom_fields.models import Editor, Field
from profiles.models import Profile
from profiles.roles import Member, belongs_to, manages_members


def defines_fields(user: Member) -> bool:
    return manages_members(user)


def sees_value(viewer: Member, field: Field, user_id: int) -> bool:
    """May the viewer see what this field has for a user? Everyone sees their own."""
    return belongs_to(viewer, field.seen_by, user_id)


def edits_value(viewer: Member, field: Field, profile: Profile) -> bool:
    """May the viewer change what this field has for a profile?"""
    if field.edited_by == Editor.MANAGERS:
        return manages_members(viewer)
    return viewer.is_active and viewer.pk == profile.user_id
