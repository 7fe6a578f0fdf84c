"""The outcome of each line: the expected one for the preview, and the real one after sending."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from profiles.bulk_invitations.lines import Line
from profiles.invitations.columns import columns
from profiles.mail.refusals import in_force
from profiles.models import Invitation, User
from profiles.roles import Role, grants
from profiles.seats import NO_SEAT as NO_SEAT_CODE
from profiles.seats import free
from shared.emails import canonical_email


class Outcome(TextChoices):
    NEW = "new", _("Will be invited")
    SENT = "sent", _("Invited")
    MEMBER = "member", _("Already a member")
    DEACTIVATED = "deactivated", _("Deactivated member")
    INVITED = "invited", _("Already invited")
    INVALID = "invalid", _("Not an email address")
    ROLE = "role", _("Not a role that you can give")
    UNKNOWN = "unknown", _("A value that is not known here")
    TWICE = "twice", _("Twice in the list")
    REFUSED = "refused", _("Does not want email from you")
    NO_SEAT = NO_SEAT_CODE, _("No seat")
    FAILED = "failed", _("Not invited")


def foresee(people: Sequence[Line], actor: User) -> list[str]:
    """The outcome of each line, in three statements for all of them, and one for each app's column.

    Only the job that sends decides.
    """
    emails = [line.email for line in people if is_address(line.email)]
    members = dict(User.objects.filter(email__in=emails).values_list("email", "is_active"))
    invited = set(Invitation.objects.open().filter(email__in=emails).values_list("email", flat=True))
    refusing = set(in_force().filter(email__in=emails).values_list("email", flat=True))
    kept = what_is_added(people)
    times: Counter[str] = Counter()
    found = []
    for line, added in zip(people, kept, strict=True):
        times[line.email] += 1
        rules = (
            (not is_address(line.email), Outcome.INVALID),
            (times[line.email] > 1, Outcome.TWICE),
            (members.get(line.email) is True, Outcome.MEMBER),
            (members.get(line.email) is False, Outcome.DEACTIVATED),
            (line.email in invited, Outcome.INVITED),
            (line.email in refusing, Outcome.REFUSED),
            (line.role not in Role.values or not grants(actor, line.role), Outcome.ROLE),
            (added is None, Outcome.UNKNOWN),
        )
        found.append(next((outcome.value for applies, outcome in rules if applies), Outcome.NEW.value))
    return seated(found)


def seated(found: list[str]) -> list[str]:
    """The same, with the remaining seats given out in the order of the list."""
    left = free()
    if left is None:
        return found
    taken = 0
    for number, code in enumerate(found):
        taken += code == Outcome.NEW
        if code == Outcome.NEW and taken > left:
            found[number] = Outcome.NO_SEAT.value
    return found


def what_is_added(people: Sequence[Line]) -> list[dict[str, Any] | None]:
    """The data of the apps' columns for each invitation; None where an app does not know what was typed."""
    known = {
        name: column.read({line.added[name] for line in people if name in line.added})
        for name, column in columns().items()
        if any(name in line.added for line in people)
    }
    return [
        {name: known[name][text] for name, text in line.added.items() if name in known}
        if all(text in known[name] for name, text in line.added.items() if name in known)
        else None
        for line in people
    ]


def is_address(text: str) -> bool:
    try:
        return bool(canonical_email(text))
    except ValidationError:
        return False
