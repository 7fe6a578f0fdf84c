"""Stories of what an organisation arranges for itself: fields of the profile, groups and the welcome text."""

from typing import Any

from tenants.context import within
from tests.profiles.audit.scene import Scene, Story, Told, post


def with_field(verb: str = "", **options: Any) -> Story:
    """The admin makes two fields, and then does something with the first."""

    def act(scene: Scene) -> None:
        from profiles.custom_fields import changes
        from profiles.custom_fields.models import Field

        with within(scene.acme):
            admin = scene.person("admin")
            first = changes.define(actor=admin, field=Field(label="Shoe size", kind="number"))
            if verb:
                changes.define(actor=admin, field=Field(label="Hat size", kind="number"))
            if verb == "change":
                first.label = "Size"
            if verb == "restore":
                changes.delete(actor=admin, field=first)
            if verb:
                getattr(changes, verb)(actor=admin, field=first, **options)

    return act


def with_group(action: str, **data: Any) -> Story:
    """The admin does something with a group that the reader is in, and the owner is not."""

    def act(scene: Scene) -> Any:
        from profiles.groups.models import Group

        with within(scene.acme):
            group = Group.objects.create(name="Rocketry")
            group.members.add(scene.person("reader"))
        return scene.browser("admin").post(f"/groups/{group.pk}/{action}/", data)

    return act


ARRANGED: dict[str, Told] = {
    "field.made": (with_field(), "Adam Admin", "Shoe size", {}),
    "field.changed": (with_field("change"), "Adam Admin", "Size", {"label": ["Shoe size", "Size"]}),
    "field.moved": (with_field("move", is_up=False), "Adam Admin", "Shoe size", {}),
    "field.retyped": (
        with_field("retype", kind="text", options=[]),
        *("Adam Admin", "Shoe size", {"type": ["number", "text"]}),
    ),
    "field.deleted": (with_field("delete"), "Adam Admin", "Shoe size", {}),
    "field.restored": (with_field("restore"), "Adam Admin", "Shoe size", {}),
    "group.made": (post("admin", "/groups/new/", name="Rocketry"), "Adam Admin", "Rocketry", {}),
    "group.changed": (
        with_group("edit", name="Rockets"),
        *("Adam Admin", "Rockets", {"name": ["Rocketry", "Rockets"]}),
    ),
    "group.deleted": (with_group("delete"), "Adam Admin", "Rocketry", {}),
    "group.member_added": (with_group("add", member="1"), "Adam Admin", "Olga Owner", {}),
    "group.member_removed": (with_group("take-out", member="4"), "Adam Admin", "Rita Reader", {}),
    "welcome.changed": (post("editor", "/welcome/edit/", text="Hello!"), "Edda Editor", "", {"text": None}),
}
