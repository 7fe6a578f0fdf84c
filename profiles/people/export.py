"""The list of people as a CSV file: all rows that the page would list, in parts.

Only one part at a time is in memory, and no statement or connection is held between two parts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from profiles import roles
from profiles.access import managers_only
from profiles.models import Profile, User
from profiles.models.user import UserQuerySet
from profiles.people.added import people_columns
from profiles.people.lists import PeopleFilter, invited_by
from profiles.people.shown import Shown, shown_to
from profiles.requests import MemberRequest
from shared.csv_cells import MARK, csv_lines
from shared.keyset import keyset_parts

PART = 500
# The values of a column for some members, by their primary keys.
Values = Callable[[Sequence[User]], Mapping[int, Any]]


@require_safe
def people(request: MemberRequest) -> StreamingHttpResponse:
    """The members that the viewer may see, with the fields that the viewer may see."""
    return as_file(request, User.objects.visible_to(request.user), "people")


@managers_only
@require_safe
def deactivated(request: MemberRequest) -> StreamingHttpResponse:
    return as_file(request, User.objects.filter(is_active=False), "deactivated")


def as_file(request: MemberRequest, members: UserQuerySet, name: str) -> StreamingHttpResponse:
    is_manager = roles.manages_members(request.user)
    by_email = roles.sees_contacts(request.user)
    found = members.search(request.GET.get("q", ""), by_email=by_email, as_manager=is_manager)
    filters = PeopleFilter(request.GET, is_manager=is_manager)
    lines = csv_of(filters.narrow(found), columns_for(request.user))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def csv_of(members: UserQuerySet, columns: Mapping[str, Values]) -> Iterator[bytes]:
    """For spreadsheets and programs: values as they are stored, not translated.

    Members have no profile attached: members and profiles that refer to each other would stay in memory until
    Python's garbage collector runs.
    """
    members = members.select_related(None).prefetch_related(None)
    yield MARK + csv_lines([columns])
    for part in keyset_parts(members, PART):
        values = [column(part) for column in columns.values()]
        yield csv_lines([each.get(member.pk, "") for each in values] for member in part)


def columns_for(viewer: User) -> dict[str, Values]:
    """The columns that this viewer may see, by the rules of the list and of the members' pages."""
    columns: dict[str, Values] = {
        "name": of_each(lambda member: member.name),
        "username": of_each(lambda member: member.username),
        "role": of_each(lambda member: member.role),
        "location": of_profiles(viewer, lambda seen: seen.location),
    }
    if roles.sees_contacts(viewer):
        columns["email"] = of_each(lambda member: member.email)
        columns["phone"] = of_profiles(viewer, lambda seen: seen.phone.as_e164 if seen.phone else "")
    if roles.manages_members(viewer):
        columns["state"] = of_each(lambda member: "active" if member.is_active else "deactivated")
        columns["last_seen"] = of_each(lambda member: member.seen.isoformat() if member.seen else "")
        columns["invited_by"] = invited_by
        columns["joined"] = of_each(lambda member: member.date_joined.isoformat())
    return columns | {column.name: column.values for column in people_columns(viewer, "file")}


def of_each(value: Callable[[User], Any]) -> Values:
    """A column that each row has by itself."""
    return lambda members: {member.pk: value(member) for member in members}


def of_profiles(viewer: User, value: Callable[[Shown], str]) -> Values:
    """A column of what the viewer may see of profiles."""
    return lambda members: {
        each.user_id: value(shown_to(viewer, each)) for each in Profile.objects.filter(user__in=members)
    }
