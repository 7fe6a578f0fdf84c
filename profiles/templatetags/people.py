"""What templates ask about people."""

from typing import Any

from django import template
from django.db.models.fields.files import FieldFile
from django.utils.html import format_html
from django.utils.safestring import SafeString

from profiles.models import User
from profiles.people import shown, time_zones
from profiles.people.lists import AddedColumn
from profiles.pictures.logos import size_of
from profiles.sign_in import pending, user_agents

register = template.Library()
register.filter(time_zones.place)
register.filter("browser", user_agents.in_words)


@register.filter
def photo_url(member: User, size: int) -> str:
    """Where a member's photo is, `size` pixels wide (64, 256 or 512): `{{ member|photo_url:64 }}`.

    Without one it is "", and shared/avatar.html draws the initials. Select `profile` with the member. One whose profile
    is missing has initials, and takes no page down.
    """
    profile = getattr(member, "profile", None)
    return profile.photo_url(size) if profile and profile.photo_key else ""


@register.filter
def shown_to(profile: Any, viewer: User) -> shown.Shown | None:
    """What a viewer sees of a profile: `{% with shown=member.profile|shown_to:request.user %}`. Nothing of none."""
    return shown.shown_to(viewer, profile) if profile else None


@register.filter
def cell(column: AddedColumn, member: User) -> str:
    """The text of a member in a column that a capability has added: `{{ column|cell:member }}`."""
    return column.cells.get(member.pk, "")


@register.simple_tag
def room_for(logo: FieldFile, height: int) -> SafeString:
    """The attributes that leave room for a logo before it has come: `<img src="…" {% room_for logo 32 %}>`."""
    size = size_of(logo.name)
    width = round(height * size[0] / size[1]) if size else ""
    return format_html('width="{}" height="{}"', max(1, width), height) if width else format_html('height="{}"', height)


@register.inclusion_tag("profiles/logo.html", takes_context=True)
def logo(context: template.Context, kind: str, height: int) -> dict[str, Any]:
    """The organisation's logo: the one for dark pages where the device, or the member's choice of a theme, wants it."""
    request = context["request"]
    bright, dark, theme = request.tenant.logo, request.tenant.logo_dark, getattr(request.user, "theme", "")
    chosen = dark if dark and theme == "dark" else bright
    return {"kind": kind, "height": height, "logo": chosen, "dark": "" if theme else dark}


@register.filter
def is_icon(logo: FieldFile) -> bool:
    """Is a logo near enough to a square to be told by its icon in a row of tabs?"""
    size = size_of(logo.name)
    return size is not None and max(size) <= 1.5 * min(size)


@register.simple_tag(takes_context=True)
def pending_words(context: template.Context) -> str:
    """What will be done once the password is confirmed, or "": `{% pending_words as words %}`."""
    state = pending.pending(context["request"])
    return state["words"] if state else ""
