"""Stories of members, invitations, refused mail and profiles: what every product has."""

import re

from profiles.invitations import changes as invitations
from profiles.mail import refusals
from profiles.models import Invitation
from profiles.models.profile import HIDEABLE
from profiles.testing import PASSWORD, SiteClient
from tenants.context import within
from tests.profiles.audit.scene import TWICE, Scene, Story, Told, post

NEW_MEMBER = {"username": "new", "email": "new@acme.example", "role": "reader", "usable_password": "true", **TWICE}


def about_invitation(action: str) -> Story:
    return lambda scene: scene.browser("admin").post(f"/members/invitations/{scene.invitation().pk}/{action}/")


def refuse(scene: Scene) -> None:
    with within(scene.acme):
        path = refusals.url("new@acme.example").partition(":8000")[2]
    SiteClient(scene.acme).post(path)


def allow(scene: Scene) -> None:
    refuse(scene)
    with within(scene.acme):
        refusals.allow("new@acme.example")


def join(scene: Scene) -> None:
    with within(scene.acme):
        path = scene.invitation().url.partition(":8000")[2]
    SiteClient(scene.acme).post(path, {"name": "New Person", "username": "new", "password": PASSWORD})


def removed(scene: Scene) -> tuple[SiteClient, str]:
    """The admin's browser, in which the reader has just been removed, and the address of what is kept of them."""
    admin = scene.browser("admin")
    admin.post("/members/reader/remove/")
    path = re.findall(r'"(/members/former/[^"]+/)invite/"', admin.get("/members/former/").content.decode())[0]
    return admin, path


def come_back(scene: Scene) -> None:
    admin, path = removed(scene)
    admin.post(f"{path}invite/")
    with within(scene.acme):
        token = Invitation.objects.get(email="reader@acme.example").token
        invitations.accept(token=token, name="Rita Reader", username="rita", password=PASSWORD)


def forget_former_member(scene: Scene) -> None:
    admin, path = removed(scene)
    admin.post(f"{path}forget/")


MEMBERS: dict[str, Told] = {
    "organisation.changed": (
        post("admin", "/settings/", name="Acme Rockets", slug="acme"),
        *("Adam Admin", "Acme Rockets", {"name": ["Acme", "Acme Rockets"]}),
    ),
    "member.profile_restored": (come_back, "Adam Admin", "Rita Reader", {}),
    "former_member.forgotten": (forget_former_member, "Adam Admin", "Rita Reader", {}),
    "member.joined": (join, "New Person", "New Person", {"role": ["", "reader"]}),
    "member.role_changed": (
        post("admin", "/members/reader/role/", role="editor"),
        *("Adam Admin", "Rita Reader", {"role": ["reader", "editor"]}),
    ),
    "member.deactivated": (post("admin", "/members/reader/deactivate/"), "Adam Admin", "Rita Reader", {}),
    "member.reactivated": (post("admin", "/members/gone/reactivate/"), "Adam Admin", "Gregor Gone", {}),
    "member.removed": (post("admin", "/members/reader/remove/"), "Adam Admin", "Rita Reader", {}),
    "member.left": (post("reader", "/leave/"), "Rita Reader", "Rita Reader", {}),
    "invitation.sent": (
        post("admin", "/members/invitations/new/", email="new@acme.example", role="editor"),
        *("Adam Admin", "new@acme.example", {"role": ["", "editor"]}),
    ),
    "invitation.resent": (about_invitation("resend"), "Adam Admin", "new@acme.example", {}),
    "invitation.revoked": (about_invitation("revoke"), "Adam Admin", "new@acme.example", {}),
    "mail.refused": (refuse, "", "new@acme.example", {}),
    "mail.allowed": (allow, "", "new@acme.example", {}),
    "profile.changed": (
        post(
            "reader",
            "/people/reader/edit/",
            first_name="Rita",
            last_name="Reader",
            time_zone="UTC",
            phone="+4930901820",
            **{f"{name}_seen_by": "everyone" for name in HIDEABLE},
        ),
        *("Rita Reader", "Rita Reader", {"phone": None}),
    ),
    "member.added": (
        post("admin", "/admin/profiles/user/add/", **NEW_MEMBER),
        *("Adam Admin", "new", {"role": ["", "reader"]}),
    ),
}
