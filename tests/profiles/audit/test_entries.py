"""What an entry stores of each event: the actor, the objects, the changes and the origin."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string

from profiles.audit.models import Entry
from profiles.invitations import changes as invitations
from profiles.mail import refusals
from profiles.members import changes as members
from profiles.models import Invitation, User
from profiles.models.profile import HIDEABLE
from profiles.testing import PASSWORD, SiteClient, new_organisation, person
from profiles.testing.installed import needs
from shared.capabilities.registry import audit_kinds, capabilities
from tenants.context import within
from tenants.events import Event, emit, happened
from tenants.models import Tenant
from tenants.organisations.suspend import resume, suspend
from tests.profiles.audit.domains import DOMAINS
from tests.profiles.audit.entries import secrets, written
from tests.profiles.audit.provisioning import PROVISIONING
from tests.profiles.audit.signing_in import SIGNING_IN
from tests.profiles.audit.ways_in import WAYS_IN
from tests.profiles.locks import in_order
from tests.profiles.two_factor.codes import SECRET, code_of

LONGER = "a longer one 17"
RECEIVER = "https://receiver.example/"
TWICE = {"password1": LONGER, "password2": LONGER}


@dataclass
class Scene:
    """acme, with a way to everybody's browser, where the password was confirmed a moment ago."""

    acme: Tenant

    def browser(self, name: str) -> SiteClient:
        client = SiteClient(self.acme).sign_in(self.person(name))
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        return client

    def person(self, name: str) -> User:
        return person(self.acme, name)

    def invitation(self, email: str = "new@acme.example") -> Invitation:
        with within(self.acme):
            return Invitation.objects.create(email=email, invited_by=self.person("admin"))


Story = Callable[[Scene], Any]


def post(who: str, path: str, **data: Any) -> Story:
    return lambda scene: scene.browser(who).post(path, data)


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


def sign_in(scene: Scene) -> SiteClient:
    client = SiteClient(scene.acme)
    client.post("/account/login/", {"login": "reader", "password": PASSWORD})
    return client


def confirm_email(scene: Scene) -> None:
    with within(scene.acme):
        address = EmailAddress.objects.create(user=scene.person("reader"), email="rita@new.example")
        confirmation = EmailConfirmation.create(address)
        confirmation.sent = address.user.date_joined
        confirmation.save()
    SiteClient(scene.acme).post(f"/account/confirm-email/{confirmation.key}/")


def reset_password(scene: Scene) -> None:
    with within(scene.acme):
        reader = scene.person("reader")
        key = f"{user_pk_to_url_str(reader)}-{default_token_generator.make_token(reader)}"
    client = SiteClient(scene.acme)
    form = client.get(f"/account/password/reset/key/{key}/")["Location"]
    client.post(form, TWICE)


def protected(scene: Scene) -> SiteClient:
    """The reader's browser, with a second factor."""
    with within(scene.acme):
        apps.get_model("mfa", "Authenticator").objects.create(
            user=scene.person("reader"), type="totp", data={"secret": SECRET}
        )
    return scene.browser("reader")


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


def wrong_password(scene: Scene) -> None:
    SiteClient(scene.acme).post("/account/login/", {"login": "READER@acme.example", "password": "a wrong one"})


def wrong_code(scene: Scene) -> None:
    protected(scene)
    client = SiteClient(scene.acme)
    client.post("/account/login/", {"login": "reader", "password": PASSWORD})
    client.post("/account/2fa/authenticate/", {"code": "000000"})


def reset_second_factor(scene: Scene) -> None:
    protected(scene)
    scene.browser("admin").post("/members/reader/two-factor/reset/")


def turn_on(scene: Scene) -> None:
    with within(scene.acme):
        EmailAddress.objects.create(
            user=scene.person("reader"), email="reader@acme.example", primary=True, verified=True
        )
    client, path = scene.browser("reader"), "/account/2fa/totp/activate/"
    secret = re.findall(r"\b[A-Z2-7]{32}\b", client.get(path).content.decode())[0]
    client.post(path, {"code": code_of(secret)})


def with_token(action: str) -> Story:
    def act(scene: Scene) -> None:
        client = scene.browser("reader")
        client.post("/account/api/new/", {"name": "Script", "scopes": "read", "expires": "30"})
        key = newest(scene.acme, "token.made").about[0]["id"]
        client.post(f"/account/api/{key}/{action}/")

    return act


def use_tool(scene: Scene) -> None:
    """By an assistant with a token of the reader's."""
    page = scene.browser("reader").post("/account/api/new/", {"name": "Script", "scopes": "read", "expires": "30"})
    token = re.findall(r"tnt_\w{44}", page.content.decode())[0]
    params = {"name": "get_person", "arguments": {"username": "owner"}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    program = SiteClient(scene.acme, HTTP_AUTHORIZATION=f"Bearer {token}")
    program.post("/mcp/", message, content_type="application/json")


def with_webhook(action: str, **fields: str) -> Story:
    """Something is done with a webhook that exists; `` is to make one."""

    def act(scene: Scene) -> None:
        client, address = scene.browser("admin"), {"url": "https://receiver.example/", "events": "member.joined"}
        client.post("/settings/webhooks/new/", address | {"is_active": "on"})
        if action:
            key = newest(scene.acme, "webhook.made").about[0]["id"]
            client.post(f"/settings/webhooks/{key}/{action}/", address | fields)

    return act


def switch_webhook_off(scene: Scene) -> None:
    with_webhook("")(scene)
    off = "profiles.webhooks.telling.switch_off"
    model: Any = apps.get_model("webhooks", "Endpoint")
    with within(scene.acme):
        import_string(off)(model.objects.get())


def send_webhook_message_again(scene: Scene) -> None:
    with_webhook("test")(scene)
    model: Any = apps.get_model("webhooks", "Delivery")
    with within(scene.acme):
        model.objects.update(outcome="failed")
        message = model.objects.get()
    scene.browser("admin").post(f"/settings/webhooks/{message.endpoint_id}/messages/{message.pk}/again/")


def sign_others_out(scene: Scene) -> None:
    sign_in(scene)
    sign_in(scene).post("/account/sessions/")


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


NEW_MEMBER = {"username": "new", "email": "new@acme.example", "role": "reader", "usable_password": "true", **TWICE}
# For each kind: how it is caused, and its entry's actor, objects and changes.
STORIES: dict[str, tuple[Story, str, str, dict[str, Any]]] = {
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
    "email.requested": (
        post("reader", "/account/email/", action_add="", email="rita@new.example"),
        *("Rita Reader", "Rita Reader", {"email": ["reader@acme.example", "rita@new.example"]}),
    ),
    "email.changed": (
        confirm_email,
        *("Rita Reader", "Rita Reader", {"email": ["reader@acme.example", "rita@new.example"]}),
    ),
    "password.changed": (
        post("reader", "/account/password/change/", oldpassword=PASSWORD, **TWICE),
        *("Rita Reader", "Rita Reader", {}),
    ),
    "session.started": (sign_in, "Rita Reader", "Rita Reader", {}),
    "session.refused": (wrong_password, "", "Rita Reader", {}),
    "session.ended": (post("reader", "/account/logout/"), "Rita Reader", "Rita Reader", {}),
    "session.others_ended": (sign_others_out, "Rita Reader", "Rita Reader", {}),
    "two_factor.turned_on": (turn_on, "Rita Reader", "Rita Reader", {}),
    "two_factor.turned_off": (
        lambda scene: protected(scene).post("/account/2fa/totp/deactivate/"),
        *("Rita Reader", "Rita Reader", {}),
    ),
    "two_factor.refused": (wrong_code, "", "Rita Reader", {}),
    "two_factor.reset": (reset_second_factor, "Adam Admin", "Rita Reader", {}),
    "two_factor.codes_made": (
        lambda scene: protected(scene).post("/account/2fa/recovery-codes/generate/"),
        *("Rita Reader", "Rita Reader", {}),
    ),
    "organisation.exported": (post("owner", "/settings/export/"), "Olga Owner", "Acme", {}),
    "token.made": (
        post("reader", "/account/api/new/", name="Script", scopes="read", expires="30"),
        *("Rita Reader", "Script", {"scope": ["", "read"]}),
    ),
    "token.renewed": (with_token("renew"), "Rita Reader", "Script", {}),
    "token.revoked": (with_token("revoke"), "Rita Reader", "Script", {}),
    "token.policy_changed": (
        post("admin", "/settings/api/", members_make_tokens="on", may_never_expire="on"),
        *("Adam Admin", "", {"may_never_expire": [False, True]}),
    ),
    "assistant.called": (use_tool, "Rita Reader", "Rita Reader", {"tool": ["", "get_person"]}),
    "webhook.made": (
        with_webhook(""),
        *(*("Adam Admin", RECEIVER), {"url": ["", RECEIVER], "events": ["", "member.joined"]}),
    ),
    "webhook.changed": (
        with_webhook("edit", description="Payroll", is_active="on"),
        *("Adam Admin", "Payroll", {"description": ["", "Payroll"]}),
    ),
    "webhook.removed": (with_webhook("remove"), "Adam Admin", RECEIVER, {}),
    "webhook.rotated": (with_webhook("secret/renew"), "Adam Admin", RECEIVER, {"secret": None}),
    "webhook.tested": (with_webhook("test"), "Adam Admin", RECEIVER, {}),
    "webhook.redelivered": (send_webhook_message_again, "Adam Admin", RECEIVER, {}),
    "webhook.switched_off": (switch_webhook_off, "", RECEIVER, {"is_active": [True, False]}),
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
    "member.added": (
        post("admin", "/admin/profiles/user/add/", **NEW_MEMBER),
        *("Adam Admin", "new", {"role": ["", "reader"]}),
    ),
}
STORIES |= WAYS_IN | SIGNING_IN | DOMAINS | PROVISIONING
INSTALLED = [kind for kind in STORIES if kind in audit_kinds()]


def newest(tenant: Tenant, kind: str) -> Entry:
    with within(tenant):
        return Entry.objects.filter(kind=kind)[0]


@pytest.mark.parametrize("kind", INSTALLED)
def test_each_kind_is_written_with_its_facts_and_without_secrets(kind: str, acme: Tenant) -> None:
    story, who, whom, changes = STORIES[kind]
    with in_order():
        story(Scene(acme))
    entry = newest(acme, kind)
    if kind == "profile.changed":
        entry.changes.pop("time_zone", None)  # which the form shows as the browser's
    assert (entry.actor_name, entry.about[0]["name"], entry.changes) == (who, whom, changes)
    assert (entry.actor in ("member", "directory")) is bool(who)
    assert (entry.actor == "directory") is (who == "SCIM")
    text = written(acme)
    assert [secret for secret in {PASSWORD, LONGER, SECRET, *secrets(acme)} if secret in text] == []


OF_OPERATORS = {
    "organisation.owners_seen",
    "organisation.signed_out",
    "organisation.password_links",
    "organisation.address_released",
}


def test_every_kind_of_ours_has_a_story() -> None:
    ours = {kind for app in capabilities() if app.name.startswith("profiles") for kind in app.audit_kinds}
    told = {"organisation.created", "token.all_revoked"}  # below
    told |= {
        "organisation.sandbox_asked",
        "organisation.restored",
        "organisation.rows_restored",
    }  # tests/profiles/backups
    told |= {"organisation.plan_changed", "organisation.plan_ended"}  # tests/profiles/plans
    assert {kind for kind in ours - set(STORIES) if not is_of_operators(kind)} == told & ours


def is_of_operators(kind: str) -> bool:
    """Is it written when operators are at work? tests/profiles/support/test_every_kind.py has their story."""
    return kind.startswith(("console.", "support.")) or kind in OF_OPERATORS


def test_the_first_entry_is_of_the_sign_up(db: None) -> None:
    entry = newest(new_organisation("hooli"), "organisation.created")
    assert (entry.actor_name, entry.about[0]["name"]) == ("Olga Owner", "Olga Owner")


@needs("profiles.api")
def test_all_tokens_revoked_is_one_entry(acme: Tenant) -> None:
    Scene(acme).browser("owner").post("/settings/api/revoke-all/")
    assert newest(acme, "token.all_revoked").actor_name == "Olga Owner"


def test_an_operator_suspends_and_resumes_as_the_system(acme: Tenant) -> None:
    suspend(acme)
    resume(acme)
    entries = [newest(acme, f"organisation.{word}") for word in ("suspended", "resumed")]
    assert {(entry.actor, entry.about[0]["name"]) for entry in entries} == {("system", "Acme")}


def test_a_password_that_was_set_by_a_link_is_written_too(acme: Tenant) -> None:
    reset_password(Scene(acme))
    assert newest(acme, "password.changed").actor_name == "Rita Reader"


def test_an_entry_says_where_a_request_came_from(acme: Tenant) -> None:
    headers = {"REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": "Firefox", "HTTP_X_REQUEST_ID": "abcdef-12345"}
    SiteClient(acme, **headers).post("/account/login/", {"login": "reader", "password": PASSWORD})
    entry = newest(acme, "session.started")
    assert (entry.address, entry.user_agent, entry.request) == ("192.0.2.7", "Firefox", "abcdef-12345")


@pytest.mark.parametrize("sent", ["short", "x" * 65, "a b c d e f g", "'; DROP TABLE audit_entry"])
def test_an_odd_id_of_a_request_is_not_repeated(acme: Tenant, sent: str) -> None:
    SiteClient(acme, HTTP_X_REQUEST_ID=sent).post("/account/login/", {"login": "reader", "password": PASSWORD})
    assert re.fullmatch(r"[0-9a-f]{32}", newest(acme, "session.started").request)


def test_all_that_one_request_does_has_one_id(acme: Tenant) -> None:
    scene = Scene(acme)
    scene.invitation()
    scene.browser("owner").post("/members/admin/role/", {"role": "reader"})
    role, revoked = newest(acme, "member.role_changed"), newest(acme, "invitation.revoked")
    assert role.request == revoked.request != ""
    assert revoked.actor_name == "Olga Owner"


def test_what_no_request_does_is_the_systems(acme: Tenant) -> None:
    with within(acme):
        refusals.refuse("new@acme.example")
    entry = newest(acme, "mail.refused")
    assert (entry.actor, entry.address, entry.user_agent, entry.request) == ("system", None, "", "")


def test_a_name_stays_as_it_was(acme: Tenant, owner: User, reader: User) -> None:
    with within(acme):
        members.remove(actor=owner, member=reader)
    entry = newest(acme, "member.removed")
    assert entry.about == [{"type": "profiles.user", "id": str(reader.pk), "name": "Rita Reader"}]


def test_what_is_rolled_back_is_not_written(acme: Tenant, owner: User, reader: User) -> None:
    with within(acme):
        before = Entry.objects.count()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            members.deactivate(actor=owner, member=reader)
            raise ZeroDivisionError
        assert Entry.objects.count() == before


def test_what_is_refused_is_not_written(acme: Tenant, owner: User) -> None:
    with within(acme):
        before = Entry.objects.count()
        with pytest.raises(ValidationError):
            members.leave(member=owner)
        assert Entry.objects.count() == before


def test_nothing_is_done_without_its_entry(acme: Tenant, owner: User, reader: User) -> None:
    """Where it cannot be written, the change is undone."""

    def fail(event: Event, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    happened.connect(fail)
    try:
        with within(acme), pytest.raises(ZeroDivisionError):
            members.deactivate(actor=owner, member=reader)
    finally:
        happened.disconnect(fail)
    assert person(acme, "reader").is_active


def test_a_role_that_stays_is_no_change(acme: Tenant, owner: User, reader: User) -> None:
    with within(acme):
        members.change_role(actor=owner, member=reader, role="reader")
        assert not Entry.objects.filter(kind="member.role_changed").exists()


def test_an_organisation_reads_its_own_entries_only(acme: Tenant, globex: Tenant, owner: User) -> None:
    with within(acme):
        invitations.invite(actor=owner, email="new@acme.example", role="reader")
    with within(globex):
        assert not Entry.objects.filter(kind="invitation.sent").exists()


def test_a_kind_that_no_app_has_registered_is_refused(acme: Tenant, reader: User) -> None:
    with within(acme), pytest.raises(LookupError, match=r"member\.smiled"):
        emit("member.smiled", reader)


def test_an_entry_is_one_statement(acme: Tenant, reader: User) -> None:
    with within(acme), CaptureQueriesContext(connection) as captured:
        emit("session.ended", reader, by=reader)
    assert len([each for each in captured if "audit_entry" in each["sql"]]) == 1
