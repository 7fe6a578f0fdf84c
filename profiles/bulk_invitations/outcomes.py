"""What becomes of a line: foreseen for the preview, and what came of it afterwards."""

from collections import Counter
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from profiles.bulk_invitations.lines import Line
from profiles.mail.refusals import in_force
from profiles.models import Invitation, User
from profiles.roles import Role, grants
from shared.emails import canonical_email


class Outcome(TextChoices):
    NEW = "new", _("Will be invited")
    SENT = "sent", _("Invited")
    MEMBER = "member", _("Already a member")
    DEACTIVATED = "deactivated", _("Deactivated member")
    INVITED = "invited", _("Already invited")
    INVALID = "invalid", _("Not an email address")
    ROLE = "role", _("Not a role that you can give")
    TWICE = "twice", _("Twice in the list")
    REFUSED = "refused", _("Does not want email from you")
    FAILED = "failed", _("Not invited")


def foresee(people: Sequence[Line], actor: User) -> list[str]:
    """The outcome of each line, in three statements for all of them. Only the job that sends decides."""
    emails = [line.email for line in people if is_address(line.email)]
    members = dict(User.objects.filter(email__in=emails).values_list("email", "is_active"))
    invited = set(Invitation.objects.open().filter(email__in=emails).values_list("email", flat=True))
    refusing = set(in_force().filter(email__in=emails).values_list("email", flat=True))
    times: Counter[str] = Counter()
    found = []
    for line in people:
        times[line.email] += 1
        rules = (
            (not is_address(line.email), Outcome.INVALID),
            (times[line.email] > 1, Outcome.TWICE),
            (members.get(line.email) is True, Outcome.MEMBER),
            (members.get(line.email) is False, Outcome.DEACTIVATED),
            (line.email in invited, Outcome.INVITED),
            (line.email in refusing, Outcome.REFUSED),
            (line.role not in Role.values or not grants(actor, line.role), Outcome.ROLE),
        )
        found.append(next((outcome.value for applies, outcome in rules if applies), Outcome.NEW.value))
    return found


def is_address(text: str) -> bool:
    try:
        return bool(canonical_email(text))
    except ValidationError:
        return False
