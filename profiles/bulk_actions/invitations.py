"""The bulk actions on open invitations."""

from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from profiles.invitations import changes as verbs
from profiles.models import Invitation, User
from profiles.people.bulk import BulkAction, Outcome
from profiles.roles import Role, grants, manages_members
from profiles.seats import lock


class InvitationAction(BulkAction):
    lists = ("invitations",)
    verb: Callable[..., None]

    def refusal(self, actor: User, row: Invitation) -> str:
        """Invitations of owners are skipped, since each asks for the password."""
        if row.role == Role.OWNER:
            return "owner"
        return "" if grants(actor, row.role) else "not_yours"

    @transaction.atomic
    def do(self, *, actor: User, rows: Collection[int], values: dict[str, Any]) -> Outcome:
        outcome = Outcome()
        lock()
        if not manages_members(User.objects.select_for_update(no_key=True).get(pk=actor.pk)):
            raise PermissionDenied
        found = Invitation.objects.open().in_bulk(rows)
        for pk in rows:
            if reason := self.attempt(actor, found.get(pk)):
                outcome.refused[reason].append(pk)
            else:
                outcome.done.append(pk)
        return outcome

    def attempt(self, actor: User, invitation: Invitation | None) -> str:
        """Do it to one invitation; returns the reason if it is refused."""
        if invitation is None:
            return "gone"
        if reason := self.refusal(actor, invitation):
            return reason
        try:
            with transaction.atomic():
                type(self).verb(actor=actor, invitation=invitation)
        except ValidationError as refusal:
            return refusal.messages[0]
        except Invitation.DoesNotExist:
            return "gone"
        return ""


class Resend(InvitationAction):
    name = "resend"
    label = _("Send again")
    consequence = _("Each gets a new email. Links in earlier ones no longer work.")
    verb = verbs.resend


class Revoke(InvitationAction):
    name = "revoke"
    label = _("Revoke")
    consequence = _("The links in the emails no longer work.")
    is_dangerous = True
    verb = verbs.revoke


RESEND, REVOKE = Resend(), Revoke()
