"""The fields on a person's page."""

from typing import Any

from profiles.custom_fields.models import Editor, Field
from profiles.custom_fields.shown import shown_values
from profiles.roles import manages_members
from shared.prepared import Prepared

IN_USE = Prepared(Field.objects.in_use)


def context(page: Any) -> dict[str, Any] | None:
    viewer, profile = page["viewer"], page["profile"]
    fields = IN_USE.rows()
    found = shown_values(viewer, [profile.user_id], fields).get(profile.user_id, [])
    edits = manages_members(viewer) and any(field.edited_by == Editor.MANAGERS for field in fields)
    return {"facts": found, "edits_fields": edits} if found or edits else None
