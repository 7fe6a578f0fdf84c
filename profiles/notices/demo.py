"""Notices of the demo organisations."""

from typing import Any

from profiles.models import User
from tenants.notices import notify


def write(organisation: Any) -> None:
    people = {user.username: user for user in User.objects.select_related("profile")}
    owner, editor = people["owner"], people["editor"]
    for member in people.values():
        notify(member, "member.welcome", organisation=organisation.name)
    notify([owner, people["admin"]], "member.joined", editor.profile, by=editor)
    notify(editor, "member.role_changed", editor, by=owner, role="editor")
