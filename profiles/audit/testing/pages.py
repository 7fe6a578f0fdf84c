"""What the addresses of the audit log are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.audit.models import Entry
from profiles.models import User

# Statements on these tables are counted by the tests of this app.
COUNTED = ("audit_entry",)
SHOWING = ["/settings/activity/"]
BROWSED = {"owner": ["/settings/activity/", "/account/sign-ins/"]}


def arguments(_people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    entry = Entry.objects.create(kind="member.left", actor="member", actor_name="Lea", terms=["kind:member.left"])
    return {"export_audit_log": lambda _user: ["csv"], "api-v1:audit_entry": lambda _user: [entry.pk]}
