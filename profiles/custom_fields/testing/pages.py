"""What the addresses and forms of this app are about."""

from collections.abc import Callable

from profiles.custom_fields.models import Field, Values
from profiles.models import User

# Statements on these tables are counted by the tests of this app.
COUNTED = ("custom_fields_field", "custom_fields_values")
NEW = {"label": "Room", "kind": "text", "edited_by": "member", "seen_by": "everyone", "is_searched": "on"}
FORMS = {
    "new_custom_field": NEW,
    "edit_custom_field": NEW,
    "retype_custom_field": {"kind": "number"},
    "move_custom_field": {"down": ""},
    "fill_in_custom_fields": {"staff_number": "4712"},
}
BODIES = {("PATCH", "field_values"): {"values": {"staff_number": 4712}}}
SHOWING = ["/settings/fields/", "/settings/fields/department/", "/people/reader/fields/"]
BROWSED = {
    "owner": [
        *("/settings/fields/", "/settings/fields/new/", "/settings/fields/department/"),
        *("/settings/fields/department/type/?kind=choice&options=Sales", "/settings/fields/department/delete/"),
        "/people/editor/fields/",
    ]
}


def define(people: dict[str, User]) -> None:
    """Three fields in use, one of them a column, and one that was deleted; the reader has values."""
    made = {"label": "Department", "is_column": True, "is_searched": True, "position": 1}
    Field.objects.get_or_create(key="department", defaults=made)
    made = {"label": "Cover", "kind": "person", "position": 2}
    Field.objects.get_or_create(key="cover", defaults=made)
    made = {"label": "Staff number", "kind": "number", "edited_by": "managers", "seen_by": "managers", "position": 3}
    Field.objects.get_or_create(key="staff_number", defaults=made)
    made = {"label": "Shoe size", "kind": "number", "deleted": people["reader"].date_joined}
    Field.objects.get_or_create(key="shoe_size", defaults=made)
    values = {"department": "Sales", "cover": people["editor"].pk, "staff_number": 4711, "shoe_size": 42}
    Values.objects.update_or_create(profile=people["reader"].profile, defaults={"values": values})


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    define(people)
    about = ("edit_custom_field", "retype_custom_field", "delete_custom_field", "move_custom_field")
    return {
        **dict.fromkeys(about, lambda _user: ["department"]),
        "restore_custom_field": lambda _user: ["shoe_size"],
        "fill_in_custom_fields": lambda user: [user.username],
        "api-v1:field_values": lambda user: [user.username],
    }
