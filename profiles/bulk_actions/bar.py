"""The parts of the lists of people: a check box per row, and the form below the list."""

from typing import Any

from profiles.bulk_actions.rows import actions, may
from profiles.people.lists import PeopleFilter


def pick(page: Any) -> dict[str, Any] | None:
    """The check box of a member or invitation."""
    if not may(page["request"].user):
        return None
    row = page.get("invitation") or page["member"]
    return {"key": row.pk, "name": getattr(row, "name", "") or row.email}


def bar(page: Any) -> dict[str, Any] | None:
    request = page["request"]
    if not may(request.user):
        return None
    name = request.resolver_match.url_name
    narrowing = {"q", *PeopleFilter().fields}
    asked = [pair for pair in request.GET.items() if pair[0] in narrowing]
    rows = page["page"]
    has_more = rows.before is not None or rows.after is not None
    return {"list": name, "actions": actions(name).values(), "asked": asked, "has_more": has_more}
