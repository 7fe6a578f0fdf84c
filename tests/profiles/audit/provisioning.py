"""The stories of provisioning: what owners set up, and what their directory does. Read also where the app is out."""

import json
import re
from typing import Any

from django.apps import apps

from profiles.testing import SiteClient
from tests.profiles.audit.scene import Scene

PAGE = "/settings/provisioning/"
RULES = {"role": "reader", "roles": "Engineers = editor"}
ADDRESS = "nora@acme.example"
PERSON = {"userName": ADDRESS, "emails": [{"value": ADDRESS}], "name": {"givenName": "Nora"}}


def switch_on(scene: Scene) -> SiteClient:
    owner = scene.browser("owner")
    owner.post(f"{PAGE}on/", RULES)
    return owner


def change(scene: Scene) -> None:
    switch_on(scene).post(f"{PAGE}edit/", RULES | {"role": "editor"})


def remove(scene: Scene) -> None:
    switch_on(scene).post(f"{PAGE}remove/")


def make_token(scene: Scene) -> Any:
    return switch_on(scene).post(f"{PAGE}tokens/new/", {"name": "Okta", "expires": "365"})


def revoke_token(scene: Scene) -> None:
    make_token(scene)
    owner = scene.browser("owner")
    path = re.findall(rf'"({PAGE}tokens/\d+/revoke/)"', owner.get(PAGE).text)[0]
    owner.post(path)


def sends(scene: Scene, method: str, path: str, body: Any) -> None:
    token = make_token(scene).context["text"]
    program = SiteClient(scene.acme, HTTP_AUTHORIZATION=f"Bearer {token}")
    program.generic(method, f"/scim/v2/{path}", json.dumps(body), content_type="application/scim+json")


def changes_reader(path: str, value: str) -> Any:
    operations = [{"op": "replace", "path": path, "value": value}]
    return lambda scene: sends(
        scene, "PATCH", f"Users/{scene.person('reader').pk}", {"schemas": [], "Operations": operations}
    )


OLGA = ("Olga Owner", "Acme")
# Without groups, the form has no roles by group.
BY_GROUP = {"roles": ["", RULES["roles"]]} if apps.is_installed("profiles.scim_groups") else {}
PROVISIONING = {
    "scim.switched_on": (
        switch_on,
        *OLGA,
        {"role": ["", "reader"], **BY_GROUP, "sends_mail": ["", False]},
    ),
    "scim.changed": (change, *OLGA, {"role": ["reader", "editor"]}),
    "scim.removed": (remove, *OLGA, {}),
    "scim.token_made": (make_token, "Olga Owner", "Okta", {}),
    "scim.token_revoked": (revoke_token, "Olga Owner", "Okta", {}),
    "scim.member_linked": (changes_reader("externalId", "00u1"), "SCIM", "Rita Reader", {}),
    "scim.member_changed": (
        changes_reader("name.familyName", "Rader"),
        *("SCIM", "Rita Reader", {"last_name": ["Reader", "Rader"]}),
    ),
    "scim.group_linked": (
        lambda scene: sends(scene, "POST", "Groups", {"displayName": "Engineers", "externalId": "00g1"}),
        *("SCIM", "Engineers", {}),
    ),
}
