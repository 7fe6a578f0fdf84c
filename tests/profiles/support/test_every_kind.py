"""One day of an operator: each kind of what operators do is written, and each entry has a sentence and no secret."""

from urllib.parse import urlsplit

from django.contrib.messages import get_messages
from django.utils.module_loading import import_string

from profiles.audit.models import Entry
from profiles.audit.sentences import Row
from profiles.models import User
from profiles.testing import SiteClient
from profiles.testing.installed import needs
from shared.capabilities.registry import audit_kinds
from tenants.context import public, within
from tenants.models import Tenant
from tests.profiles.audit.test_kinds import OF_OPERATORS, is_of_operators

REASON = "They asked us by phone"
# In this order: what one leaves is what the next one needs.
ACTIONS: dict[str, dict[str, str]] = {
    "owners": {},
    "password_links": {},
    "make_owner": {"member": "admin", "proof": "Extract of the register, by post"},
    "sign_out": {},
    "rename": {"name": "Apex", "slug": "apex"},
    "release": {"domain": "acme.localhost"},
    "export": {},
    "suspend": {"sentence": "Two bills are open."},
    "resume": {},
    "schedule_deletion": {},
    "delete_now": {},
    "cancel_deletion": {},
    "hold": {"hold": "on"},
    "change_plan": {"plan": "team"},
}


def announce(operator: SiteClient) -> None:
    from profiles.announcements.testing.pages import WRITTEN

    operator.post("/console/announcements/new/", WRITTEN)
    [made] = operator.get("/console/announcements/").context["announcements"]
    operator.post(f"/console/announcements/{made.pk}/", WRITTEN | {"text": "Later"})
    operator.post(f"/console/announcements/{made.pk}/end/")


def visit(operator: SiteClient, acme: Tenant, owner: SiteClient) -> None:
    """One request is refused, one is allowed, used and left."""
    page = f"/console/organisations/{acme.pk}/support/"
    owner.post("/settings/support/", {"access": "ask"})
    for answer in ("refuse", "allow"):
        operator.post(page, {"member": "reader", "minutes": "30", "reason": REASON})
        newest = max(each.pk for each in owner.get("/settings/support/").context["visits"])
        owner.post(f"/settings/support/{newest}/answer/", {"answer": answer})
    guest = SiteClient(acme)
    guest.get(urlsplit(operator.post(f"{page}{newest}/")["Location"]).path)
    guest.post("/support/leave/")


@needs("profiles.announcements", "profiles.exports", "profiles.leaving", "profiles.plans")
def test_each_kind_of_what_operators_do_is_written(operator, staff, acme, owner, as_user):
    visit(operator, acme, as_user(owner).give_password())
    announce(operator)
    with within(acme):
        User.objects.update(last_login=None)  # as if the owner had never come
    told: list[str] = []
    for action, values in ACTIONS.items():
        done = operator.post(f"/console/organisations/{acme.pk}/actions/{action}/", values | {"reason": REASON})
        assert (action, done.status_code) == (action, 200 if action == "owners" else 302)
        told += map(str, get_messages(done.wsgi_request))
    # Messages to the next page are stored in the operator's cookie: they name no member.
    assert "The member is an owner now." in told
    assert not [words for words in told if any(name in words for name in ("Olga", "Adam", "acme.example"))]
    import_string("profiles.plans.changes.change_plan")(acme, plan="business", by="Billing", reason="Paid by card")
    for verb in ("retry", "cancel"):
        operator.post(f"/console/jobs/{verb}/", {"task": "profiles.deliver"})

    with within(staff):
        ours = list(Entry.objects.all())
    with public():
        acme = Tenant.objects.get(pk=acme.pk)
    with within(acme):
        theirs = list(Entry.objects.all())
    elsewhere = {"console.make_sandbox", "console.discard_sandbox", "console.take_sandbox_over"}
    elsewhere |= {"console.sandbox_rows", "console.take_rows"}  # tests/profiles/console_sandboxes
    elsewhere |= {"console.place", "console.placed", "console.not_placed", "console.bring_back"}  # tests/nodes
    expected = {kind for kind in audit_kinds() if is_of_operators(kind)} - elsewhere
    assert expected >= OF_OPERATORS
    assert {each.kind for each in [*ours, *theirs]} >= expected
    assert all(str(Row(each).what) != each.kind for each in [*ours, *theirs])
    # In the customer's log operators are not shown as members, and only reasons of visits appear.
    by_operators = [each for each in theirs if each.actor == Entry.Actor.OPERATOR]
    assert {each.actor_name for each in by_operators if each.actor_id is None} == {"Olga Owner", "Billing"}
    with_reason = {each.kind for each in theirs if REASON in str(each.changes)}
    assert with_reason == {"support.asked", "support.begun"}
