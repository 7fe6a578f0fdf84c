"""Members and invitations of two organisations, as a machine that hypothesis plays through verbs and pages.

What is allowed is written down here once more, apart from profiles/roles.py: the two have to agree.
"""

from collections import Counter
from collections.abc import Callable, Collection
from types import SimpleNamespace
from typing import Any, ClassVar

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress, EmailConfirmation
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from profiles.invitations import changes as invitations
from profiles.members import bulk
from profiles.members import changes as members
from profiles.models import Invitation, Session, User
from profiles.roles import Role
from profiles.testing import PASSWORD, SiteClient
from tenants.context import as_owner, within
from tenants.models import Tenant

RANKS = [Role.READER, Role.EDITOR, Role.ADMIN, Role.OWNER]
REFUSED = (PermissionDenied, ValidationError, ObjectDoesNotExist)
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1"
PLACE = st.integers(0, 1)
NUMBER = st.integers(0, 9)
# One of all people, or from here on, one of the owners and admins: else most of what is tried would be refused.
ABLE = 10
WHO = st.integers(0, 2 * ABLE - 1)
ROLE = st.sampled_from(RANKS)
# A story is not over when most have left: from here on they stay, but for owners, who try.
FEW = 4
# Primary key: role, and whether they are active.
People = dict[int, tuple[str, bool]]
# Where it is, its primary key, its link's token.
Sent = tuple[int, int, str]


def manages(actor: User, member: User) -> bool:
    """Owners everyone else, admins everyone else but owners."""
    above = actor.role == Role.OWNER or (actor.role == Role.ADMIN and member.role != Role.OWNER)
    return actor.is_active and actor.pk != member.pk and above


def grants(actor: User, role: str) -> bool:
    """Owners and admins, up to what they are themselves."""
    rank = RANKS.index(Role(actor.role))
    return actor.is_active and rank >= RANKS.index(Role.ADMIN) and RANKS.index(Role(role)) <= rank


def digest(tenant: Tenant) -> str:
    """One value for all that is in all of an organisation's tables."""
    with as_owner(), within(tenant), connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [connection.ops.quote_name(name) for (name,) in cursor.fetchall()]
        parts = (f"(SELECT string_agg(t::text, ',' ORDER BY t::text) FROM {table} t)" for table in tables)  # noqa: S608  our names
        cursor.execute(f"SELECT md5(concat_ws(';', {', '.join(parts)}))")
        return str(cursor.fetchone()[0])


class Organisations(RuleBasedStateMachine):
    """Each story is a transaction that is rolled back. `tenants` are set by the caller."""

    tenants: ClassVar[tuple[Tenant, Tenant]]
    outcomes: ClassVar[Counter[str]] = Counter()
    sent = Bundle("sent")

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        # Of what has not been touched since.
        self.digests: list[str | None] = [None, None]
        self.sessions: list[dict[str, int]] = [{}, {}]
        self.newest: dict[tuple[int, int], str] = {}
        self.used: set[tuple[int, int]] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # --- Who, and what came of it -------------------------------------------------------------------------------

    def person(self, place: int, number: int) -> User:
        with within(self.tenants[place]):
            people = list(User.objects.order_by("pk"))
        able = [user for user in people if user.is_active and grants(user, Role.READER)]
        chosen = able if number >= ABLE else people
        return chosen[number % len(chosen)]

    def people(self, place: int) -> People:
        with within(self.tenants[place]):
            return {user.pk: (user.role, user.is_active) for user in User.objects.all()}

    def act(self, place: int, name: str, action: Callable[[], Any], *, risen: Collection[int] = ()) -> Any:
        """Do it in one organisation; look at both. Only the members `risen` may have more rights than before."""
        before, result, next_door = self.people(place), None, 1 - place
        self.digests[next_door] = self.digests[next_door] or digest(self.tenants[next_door])
        try:
            with within(self.tenants[place]):
                result = action()
        except REFUSED as refusal:
            self.outcomes[f"{name} refused"] += 1
            result = refusal
        else:
            self.outcomes[name] += 1
        for pk, (role, _) in self.people(place).items():
            if pk in before and pk not in risen:
                assert RANKS.index(Role(role)) <= RANKS.index(Role(before[pk][0])), "A role has risen."
        assert digest(self.tenants[next_door]) == self.digests[next_door], "Something has changed next door."
        self.digests[place] = None
        return result

    def manage(self, place: int, name: str, actor: User, member: User, verb: Callable[[], Any], **form: str) -> None:
        """A person does something to a member, by verb, or by page where there is a path."""
        is_allowed = manages(actor, member) and ("role" not in form or grants(actor, form["role"]))
        before = self.people(place)
        self.act(place, name, verb, risen=[member.pk] if is_allowed else [])
        assert is_allowed or self.people(place) == before, f"{actor} may not {name} {member}, and has."

    def by_page(self, place: int, actor: User, member: User, action: str, form: dict[str, str]) -> Callable[[], None]:
        def click() -> None:
            status = self.browser(place, actor).post(f"/members/{member.username}/{action}/", form).status_code
            assert status < 500
            if status in (403, 404):
                raise PermissionDenied

        return click

    def browser(self, place: int, member: User) -> SiteClient:
        """A person's, who has given the password a moment ago."""
        client = SiteClient(self.tenants[place])
        if not member.is_active:
            return client
        client.sign_in(member)
        with within(self.tenants[place]):
            session = client.session
            record_authentication(SimpleNamespace(session=session), member, "password", reauthenticated=True)
            session.save()
            # Its key is a new one now (profiles/sign_in/receivers.py).
            key = str(session.session_key)
            client.cookies[settings.SESSION_COOKIE_NAME] = key
        self.sessions[place][key] = member.pk
        self.digests[place] = None
        return client

    # --- Members ------------------------------------------------------------------------------------------------

    @rule(place=PLACE, who=WHO, whom=NUMBER, role=ROLE, page=st.booleans())
    def change_role(self, place: int, who: int, whom: int, role: Role, page: bool) -> None:
        actor, member = self.person(place, who), self.person(place, whom)
        click = self.by_page(place, actor, member, "role", {"role": role})
        verb = click if page else lambda: members.change_role(actor=actor, member=member, role=role)
        self.manage(place, "change role", actor, member, verb, role=role)

    @rule(place=PLACE, who=WHO, whom=NUMBER, page=st.booleans())
    def deactivate(self, place: int, who: int, whom: int, page: bool) -> None:
        self.simply(place, who, whom, "deactivate", members.deactivate, page)

    @rule(place=PLACE, who=WHO, whom=NUMBER, page=st.booleans())
    def reactivate(self, place: int, who: int, whom: int, page: bool) -> None:
        self.simply(place, who, whom, "reactivate", members.reactivate, page)

    @rule(place=PLACE, who=WHO, whom=NUMBER, page=st.booleans())
    def remove(self, place: int, who: int, whom: int, page: bool) -> None:
        self.simply(place, who, whom, "remove", members.remove, page)

    def simply(self, place: int, who: int, whom: int, name: str, verb: Callable[..., None], page: bool) -> None:
        actor, member = self.person(place, who), self.person(place, whom)
        if name == "remove" and len(self.people(place)) < FEW:
            return
        click = self.by_page(place, actor, member, name, {})
        self.manage(place, name, actor, member, click if page else lambda: verb(actor=actor, member=member))

    @rule(place=PLACE, who=WHO, role=ROLE, verb=st.sampled_from([bulk.deactivate_all, bulk.reactivate_all, None]))
    def all_at_once(self, place: int, who: int, role: Role, verb: Callable[..., Any] | None) -> None:
        """No owner is touched or made."""
        actor, before = self.person(place, who), self.people(place)
        do = verb or (lambda actor, members: bulk.change_roles(actor=actor, roles=dict.fromkeys(members, str(role))))
        self.act(place, "all at once", lambda: do(actor=actor, members=list(before)), risen=before)
        for pk, state in self.people(place).items():
            is_allowed = Role.OWNER not in (before[pk][0], state[0]) and manages(actor, User(pk=pk, role=before[pk][0]))
            assert is_allowed or state == before[pk], f"{actor} may not change {before[pk]} to {state}, and has."

    @rule(place=PLACE, who=WHO, page=st.booleans())
    def leave(self, place: int, who: int, page: bool) -> None:
        member = self.person(place, who)
        before = self.people(place)
        if len(before) < FEW and member.role != Role.OWNER:
            return
        browser = self.browser(place, member)
        self.act(place, "leave", lambda: browser.post("/leave/") if page else members.leave(member=member))
        after = self.people(place)
        assert {pk: state for pk, state in before.items() if pk != member.pk} == (
            {pk: state for pk, state in after.items() if pk != member.pk}
        )

    @rule(place=PLACE, who=WHO)
    def sign_in(self, place: int, who: int) -> None:
        member = self.person(place, who)
        expected = 200 if member.is_active else 302
        assert self.browser(place, member).get("/people/").status_code == expected

    @rule(place=PLACE, who=WHO, number=NUMBER)
    def change_email(self, place: int, who: int, number: int) -> None:
        member, email = self.person(place, who), f"other{number}@somewhere.example"
        browser = self.browser(place, member)

        def change() -> None:
            browser.post("/account/email/", {"email": email, "action_add": ""})
            keys = EmailConfirmation.objects.filter(email_address__user=member, email_address__email=email)
            for key in list(keys.values_list("key", flat=True)):
                browser.post(f"/account/confirm-email/{key}/")
            if User.objects.get(pk=member.pk).email != email:
                raise PermissionDenied

        self.act(place, "change email", change)

    # --- Invitations --------------------------------------------------------------------------------------------

    @rule(target=sent, place=PLACE, who=WHO, number=NUMBER, role=ROLE)
    def invite(self, place: int, who: int, number: int, role: Role) -> Any:
        actor, email = self.person(place, who), f"New{number}@somewhere.example"
        invitation = self.act(place, "invite", lambda: invitations.invite(actor=actor, email=email, role=role))
        if not isinstance(invitation, Invitation):
            return multiple()
        assert grants(actor, role), f"{actor} may not give {role}, and has."
        return self.note(place, invitation)

    def note(self, place: int, invitation: Invitation) -> Sent:
        with within(self.tenants[place]):
            self.newest[place, invitation.pk] = Invitation.objects.get(pk=invitation.pk).token
        return place, invitation.pk, self.newest[place, invitation.pk]

    @rule(target=sent, one=consumes(sent), who=WHO)
    def resend(self, one: Sent, who: int) -> Any:
        place, pk, _ = one
        actor, invitation = self.person(place, who), self.invitation(one)
        result = self.act(place, "resend", lambda: invitations.resend(actor=actor, invitation=invitation))
        if result is not None:
            return one
        assert grants(actor, invitation.role)
        assert (place, pk) not in self.used
        return multiple(one, self.note(place, invitation))

    @rule(one=sent, who=WHO)
    def revoke(self, one: Sent, who: int) -> None:
        place, actor, invitation = one[0], self.person(one[0], who), self.invitation(one)
        result = self.act(place, "revoke", lambda: invitations.revoke(actor=actor, invitation=invitation))
        if result is None:
            assert grants(actor, invitation.role)
            assert one[:2] not in self.used
            self.newest.pop(one[:2])

    def invitation(self, one: Sent) -> Invitation:
        with within(self.tenants[one[0]]):
            return Invitation.objects.get(pk=one[1])

    @rule(one=sent, username=NUMBER, elsewhere=st.booleans())
    def accept(self, one: Sent, username: int, elsewhere: bool) -> None:
        """The link that a person has, here or on the other organisation's address."""
        place = 1 - one[0] if elsewhere else one[0]
        typed = {"name": "New Person", "username": f"new{username}", "password": PASSWORD}
        role = self.invitation(one).role
        member = self.act(place, "accept", lambda: invitations.accept(token=one[2], **typed))
        if not isinstance(member, User):
            return
        assert not elsewhere, "An invitation is good in another organisation."
        assert one[:2] not in self.used, "An invitation was used twice."
        assert self.newest.get(one[:2]) == one[2], "A link that was revoked, or replaced, is good."
        assert self.people(place)[member.pk] == (role, True)
        self.used.add(one[:2])

    # --- What is always true ------------------------------------------------------------------------------------

    @invariant()
    def somebody_owns_each(self) -> None:
        for place in (0, 1):
            assert (Role.OWNER, True) in self.people(place).values(), "It has no active owner."

    @invariant()
    def who_is_out_has_no_session(self) -> None:
        for place, tenant in enumerate(self.tenants):
            people = self.people(place)
            out = [key for key, pk in self.sessions[place].items() if not people.get(pk, ("", False))[1]]
            with within(tenant):
                assert not Session.objects.filter(pk__in=out).exists(), "A member who is out has a session."

    @invariant()
    def addresses_are_their_owners(self) -> None:
        for tenant in self.tenants:
            with within(tenant):
                for address in EmailAddress.objects.filter(primary=True).select_related("user"):
                    assert address.email == address.user.email
