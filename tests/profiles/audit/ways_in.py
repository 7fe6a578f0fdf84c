"""Stories of lists of invitations, join links, requests to join and the ownership, as those of test_kinds.py."""

import re
from typing import Any

from profiles.testing import SiteClient
from profiles.testing.jobs import run_jobs
from tests.profiles.audit.scene import Scene, Story, Told

NORA = {"name": "Nora New", "email": "nora@new.example"}
LINK = {"role": "editor", "days": "7", "most_uses": "5", "domains": "new.example"}


def send_list(scene: Scene) -> None:
    admin = scene.browser("admin")
    draft = admin.post("/members/invitations/many/", {"addresses": "nora@new.example", "role": "reader"})
    admin.post(f"{draft['Location']}send/")


def make_link(scene: Scene) -> SiteClient:
    admin = scene.browser("admin")
    admin.post("/settings/joining/link/", LINK)
    return admin


def use_link(scene: Scene) -> None:
    page = make_link(scene).get("/settings/joining/").content.decode()
    path = re.findall(r'value="http://[^/]+(/join/[^"]+)"', page)[0]
    SiteClient(scene.acme).post(path, NORA)


def allow_requests(scene: Scene) -> SiteClient:
    admin = scene.browser("admin")
    admin.post("/settings/joining/", {"takes_requests": "on"})
    return admin


def ask(scene: Scene) -> SiteClient:
    admin = allow_requests(scene)
    SiteClient(scene.acme).post("/join/ask/", NORA)
    run_jobs()
    return admin


def decide(action: str) -> Story:
    def act(scene: Scene) -> None:
        admin = ask(scene)
        path = re.findall(rf'"(/members/requests/\d+/{action}/)"', admin.get("/members/requests/").content.decode())[0]
        admin.post(path, {"role": "reader"})

    return act


def offer(scene: Scene) -> SiteClient:
    owner = scene.browser("owner")
    owner.post("/settings/ownership/", {"member": "editor"})
    return owner


def answer(action: str) -> Story:
    def act(scene: Scene) -> None:
        offer(scene)
        scene.browser("editor").post(f"/ownership/{scene.person('owner').pk}/{action}")

    return act


OFFERED: tuple[str, str, dict[str, Any]] = ("Olga Owner", "Edda Editor", {})
WAYS_IN: dict[str, Told] = {
    "invitation_list.sent": (send_list, "Adam Admin", "", {}),
    "join_link.made": (
        make_link,
        *("Adam Admin", "", {"role": ["", "editor"], "most_uses": [None, 5], "domains": ["", "new.example"]}),
    ),
    "join_link.ended": (lambda scene: make_link(scene).post("/settings/joining/link/end/"), "Adam Admin", "", {}),
    "join_link.used": (use_link, "", "Nora New", {}),
    "joining.changed": (allow_requests, "Adam Admin", "", {"takes_requests": [False, True]}),
    "join_request.sent": (ask, "", "Nora New", {}),
    "join_request.approved": (decide("approve"), "Adam Admin", "Nora New", {}),
    "join_request.declined": (decide("decline"), "Adam Admin", "Nora New", {}),
    "ownership.offered": (offer, *OFFERED),
    "ownership.withdrawn": (lambda scene: offer(scene).post("/settings/ownership/withdraw/"), *OFFERED),
    "ownership.declined": (answer("decline/"), "Edda Editor", "Olga Owner", {}),
    "ownership.handed_over": (answer(""), "Edda Editor", "Olga Owner", {}),
}
