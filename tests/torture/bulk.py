"""What the machine of members plays by the pages of bulk actions: an action on some or on all rows, and its undo."""

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from hypothesis import strategies as st
from hypothesis.stateful import multiple, precondition, rule

from profiles.models import Invitation, User
from profiles.roles import Role
from tenants.context import within
from tests.torture.joiners import Joiners
from tests.torture.machine import FEW, NUMBER, PLACE, ROLE, WHO, Organisations, People, grants, manages

BULK = "/members/bulk/"
# Each with its list. "remove" is only done to ticked members, so that a story goes on.
ACTIONS = {"role": "people", "deactivate": "people", "reactivate": "deactivated", "remove": "people"}


class Bulk(Joiners):
    """`runs` are those that members started: where, who, and the path of the results."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[tuple[int, int, str]] = []

    @rule(place=PLACE, who=WHO, action=st.sampled_from(list(ACTIONS)), role=ROLE, ticked=st.sets(NUMBER, max_size=4))
    def act_in_bulk(self, place: int, who: int, action: str, role: Role, ticked: set[int]) -> None:
        """On the ticked members; on all that the list has, where none are ticked."""
        actor, before = self.person(place, who), self.people(place)
        rows = list({self.person(place, number).pk for number in ticked})
        if action == "remove":
            rows = rows[: max(0, len(before) - FEW)]
        if not rows and action == "remove":
            return
        self.run(place, actor, f"bulk {action}", {"list": ACTIONS[action], "do": action, "row": rows}, {"role": role})
        self.are_changed_by(actor, before, self.people(place), role)

    def run(self, place: int, actor: User, name: str, asked: dict[str, Any], form: dict[str, str]) -> None:
        """Ask for the confirmation and give it. Refused means that nothing was started."""
        browser = self.browser(place, actor)
        query = urlencode(asked if asked.get("row") else asked | {"all": 1}, doseq=True)

        def confirm() -> None:
            page = browser.get(f"{BULK}?{query}")
            seen = re.findall(r'name="seen" value="(\w+)"', page.content.decode())
            assert page.status_code < 500
            if page.status_code != 200 or not seen:
                raise PermissionDenied
            answer = browser.post(f"{BULK}?{query}", {"seen": seen[0], **form})
            assert answer.status_code < 500
            if answer.status_code != 302 or not answer["Location"].startswith(BULK):
                raise PermissionDenied
            self.runs.append((place, actor.pk, answer["Location"]))

        able = self.people(place) if grants(actor, Role.READER) else ()
        self.act(place, name, confirm, risen=able)

    @precondition(lambda self: self.runs)
    @rule(at=NUMBER, who=WHO, is_own=st.sampled_from([True, True, False]))
    def undo(self, at: int, who: int, is_own: bool) -> None:
        """By the member who started it, or by anyone, for whom the run is not there."""
        place, starter, path = self.runs[at % len(self.runs)]
        with within(self.tenants[place]):
            own = User.objects.filter(pk=starter).first()
        actor = own if own and is_own else self.person(place, who)
        before, browser = self.people(place), self.browser(place, actor)

        def click() -> None:
            answer = browser.post(f"{path}undo/")
            assert answer.status_code < 500
            # Who is signed out is sent to the sign-in page, and what cannot be undone any more back to the run.
            if answer.status_code != 302 or answer["Location"] == path or not answer["Location"].startswith(BULK):
                raise PermissionDenied
            assert actor.pk == starter, "A member undid what another one had done."

        self.act(place, "undo", click, risen=before if grants(actor, Role.READER) else ())
        self.are_changed_by(actor, before, self.people(place))

    def are_changed_by(self, actor: User, before: People, after: People, role: Role | None = None) -> None:
        """No owner is touched or made, and no one is whom the actor may not manage."""
        for pk, state in before.items():
            if after.get(pk) == state:
                continue
            is_allowed = state[0] != Role.OWNER and manages(actor, User(pk=pk, role=state[0]))
            given = after.get(pk, state)[0]
            is_allowed &= given == state[0] or (given != Role.OWNER and grants(actor, given))
            assert is_allowed, f"{actor} may not change {state} to {after.get(pk)} in bulk, and has."
        assert role is None or after.keys() <= before.keys(), "A bulk action made a member."

    @precondition(lambda self: any(self.nonces(place) for place in (0, 1)))
    @rule(target=Organisations.sent, place=PLACE, who=WHO, action=st.sampled_from(["resend", "revoke"]))
    def act_on_invitations(self, place: int, who: int, action: str) -> Any:
        """On all open ones: those that the actor may not give stay as they are."""
        place = place if self.nonces(place) else 1 - place
        actor, before = self.person(place, who), self.nonces(place)
        self.run(place, actor, f"bulk {action}", {"list": "invitations", "do": action}, {})
        after = self.nonces(place)
        changed = [pk for pk, (nonce, _) in before.items() if after.get(pk, ("", ""))[0] != nonce]
        for pk in changed:
            role = before[pk][1]
            assert grants(actor, role), "An invitation was changed in bulk by a member who may not give its role."
            assert role != Role.OWNER, "An owner's invitation was changed in bulk."
        return self.noted(place, changed, after)

    def nonces(self, place: int) -> dict[int, tuple[str, str]]:
        """Of the open invitations, each with its role."""
        with within(self.tenants[place]):
            found = Invitation.objects.open().values_list("pk", "nonce", "role")
            return {pk: (nonce, role) for pk, nonce, role in found}

    def noted(self, place: int, changed: Collection[int], after: Collection[int]) -> Any:
        """Links of those that were sent again; those of revoked ones are good no longer."""
        with within(self.tenants[place]):
            again = list(Invitation.objects.filter(pk__in=[pk for pk in changed if pk in after]))
        for pk in changed:
            if pk not in after:
                self.newest.pop((place, pk), None)
        return multiple(*(self.note(place, invitation) for invitation in again))
