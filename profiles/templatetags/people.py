"""What templates ask about people."""

from django import template

from profiles.models import User
from profiles.people import time_zones
from profiles.sign_in import pending

register = template.Library()
register.filter(time_zones.place)


@register.filter
def photo_url(member: User, size: int) -> str:
    """Where a member's photo is, `size` pixels wide (64, 256 or 512): `{{ member|photo_url:64 }}`.

    Without one it is "", and shared/avatar.html draws the initials. Select `profile` with the member. One whose profile
    is missing has initials, and takes no page down.
    """
    profile = getattr(member, "profile", None)
    return profile.photo_url(size) if profile and profile.photo.name else ""


@register.simple_tag(takes_context=True)
def pending_words(context: template.Context) -> str:
    """What will be done once the password is confirmed, or "": `{% pending_words as words %}`."""
    state = pending.pending(context["request"])
    return state["words"] if state else ""
