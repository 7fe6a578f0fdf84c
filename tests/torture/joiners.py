"""What the machine of members plays beside it: join links, requests to join, and handing over the ownership."""

import operator
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, multiple, precondition, rule

from profiles.joining import asking, links
from profiles.joining.models import Applicant, Joining
from profiles.models import Invitation, User
from profiles.ownership import changes as ownership
from profiles.roles import Role
from tenants.context import within
from tests.torture.machine import ABLE, NUMBER, PLACE, RANKS, ROLE, WHO, Organisations, grants, manages

USES = 2
RARELY = st.sampled_from([False, False, False, True])


class Joiners(Organisations):
    """`links` are all that were made, by place; the last one of each may be good."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[list[str]] = [[], []]

    @initialize()
    def let_people_in(self) -> None:
        """Each story begins with a link and requests in both organisations; what is tried first can succeed."""
        for place in (0, 1):
            self.make_link(place, ABLE, Role.READER)
            self.allow_requests(place, ABLE, True)

    @rule(place=PLACE, who=WHO, role=st.sampled_from([Role.READER, Role.EDITOR, Role.READER, Role.OWNER]))
    def make_link(self, place: int, who: int, role: Role) -> None:
        actor = self.person(place, who)
        made = self.act(place, "make link", lambda: links.make_link(actor=actor, role=role, days=1, most_uses=USES))
        if isinstance(made, Joining):
            assert grants(actor, role), f"{actor} may not give {role}, and their link does."
            assert role in (Role.READER, Role.EDITOR), "A link makes managers."
            self.links[place].append(made.nonce)

    @rule(target=Organisations.sent, place=PLACE, number=NUMBER, old=RARELY, elsewhere=RARELY)
    def ask_by_link(self, place: int, number: int, old: bool, elsewhere: bool) -> Any:
        """A link of this organisation or of the other one, the newest or an earlier one."""
        known = self.links[1 - place if elsewhere else place]
        token, email = known[0 if old else -1], f"new{number}@somewhere.example"
        maker = self.maker(place)
        refused = self.act(place, "join", lambda: links.ask_by_link(token=token, email=email, name="New Person"))
        if refused is not None:
            return multiple()
        assert not elsewhere, "A join link is good in another organisation."
        assert token == self.links[place][-1], "A link that was replaced is good."
        assert maker is not None, "A link is good whose maker is gone."
        assert grants(maker, Role.READER), "A link is good whose maker manages nobody."
        return self.invited(place, email)

    def maker(self, place: int) -> User | None:
        with within(self.tenants[place]):
            return Joining.load().made_by

    def invited(self, place: int, email: str) -> Any:
        """The newest link of the open invitation of this address, if there is one."""
        with within(self.tenants[place]):
            invitation = Invitation.objects.open().filter(email=email).first()
        return self.note(place, invitation) if invitation else multiple()

    @rule(place=PLACE, who=WHO, is_allowed=RARELY.map(operator.not_))
    def allow_requests(self, place: int, who: int, is_allowed: bool) -> None:
        actor = self.person(place, who)
        refused = self.act(place, "allow", lambda: asking.allow_requests(actor=actor, is_allowed=is_allowed))
        assert refused is not None or grants(actor, Role.READER)

    @rule(target=Organisations.sent, place=PLACE, number=NUMBER)
    def ask_to_join(self, place: int, number: int) -> Any:
        email = f"new{number}@somewhere.example"

        def ask() -> None:
            asking.ask_to_join(email=email, name="New Person")
            asking.consider(pk=Applicant.objects.waiting().get(email=email).pk)

        return multiple() if self.act(place, "ask", ask) is not None else self.invited(place, email)

    def waiting(self, place: int) -> Applicant | None:
        with within(self.tenants[place]):
            return Applicant.objects.waiting().first()

    @precondition(lambda self: any(self.waiting(place) for place in (0, 1)))
    @rule(target=Organisations.sent, place=PLACE, who=WHO, role=ROLE, is_approved=st.booleans())
    def decide(self, place: int, who: int, role: Role, is_approved: bool) -> Any:
        place = place if self.waiting(place) else 1 - place
        actor, applicant = self.person(place, who), self.waiting(place)
        assert applicant is not None
        verb = (
            (lambda: asking.approve(actor=actor, applicant=applicant, role=role))
            if is_approved
            else (lambda: asking.decline(actor=actor, applicant=applicant, is_told=False))
        )
        result = self.act(place, "decide", verb)
        assert isinstance(result, Exception) or grants(actor, role if is_approved else Role.READER)
        return self.note(place, result) if isinstance(result, Invitation) else multiple()

    @rule(place=PLACE, who=WHO, whom=NUMBER)
    def offer(self, place: int, who: int, whom: int) -> None:
        actor, member = self.person(place, who), self.person(place, whom)
        result = self.act(place, "offer", lambda: ownership.offer(actor=actor, member=member))
        assert isinstance(result, Exception) or (actor.role == Role.OWNER and manages(actor, member))

    @rule(place=PLACE, who=WHO, whom=NUMBER)
    def take_over(self, place: int, who: int, whom: int) -> None:
        giver, taker = self.person(place, who), self.person(place, whom)
        verb = lambda: ownership.accept(actor=taker, giver=giver.pk)  # noqa: E731  the same as above
        if self.act(place, "take over", verb, risen=[taker.pk]) is not None:
            return
        after = self.people(place)
        assert giver.role == Role.OWNER, "The ownership came from a member who was no owner."
        assert (after[taker.pk][0], after[giver.pk][0]) == (Role.OWNER, taker.role)

    @invariant()
    def no_link_is_used_too_often(self) -> None:
        for tenant in self.tenants:
            with within(tenant):
                joining = Joining.load()
                came = Applicant.objects.filter(version=joining.version, invitation__accepted__isnull=False)
                assert came.count() <= USES, "More people joined by a link than may."
                assert RANKS.index(Role(joining.role)) <= RANKS.index(Role.EDITOR)
