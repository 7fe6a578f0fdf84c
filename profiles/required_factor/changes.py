"""require(): an owner sets or lifts the requirement of a second factor."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.members.changes import locked
from profiles.models import User
from profiles.models.user import UserQuerySet
from profiles.required_factor.models import Requirement
from profiles.required_factor.rights import requires_factor
from profiles.two_factor.members import factors
from profiles.two_factor.row import has_one
from tenants.context import required
from tenants.events import emit
from tenants.notices import notify


@transaction.atomic
def require(*, actor: User, scope: str, grace_days: int) -> None:
    """Require a second factor of these members. The days begin now, for all; members without one get a notice.

    Raises PermissionDenied unless the actor is an owner, and ValidationError if the actor has no second factor.
    """
    people = locked(actor)
    if actor.pk not in people or not requires_factor(people[actor.pk]):
        raise PermissionDenied
    if scope and not has_one(actor):
        raise ValidationError(_("Set up a second factor of your own first."), code="none")
    before = Requirement.objects.select_for_update().filter(pk=1).first()
    old = (before.scope, before.grace_days) if before else ("", 0)
    new = (scope, grace_days if scope else 0)
    if old == new:
        return
    emit("required_factor.changed", required(), by=actor, scope=(old[0], new[0]), grace_days=(old[1], new[1]))
    if not scope:
        Requirement.objects.all().delete()
        return
    values = {"scope": scope, "grace_days": grace_days, "since": timezone.now()}
    made, _is_new = Requirement.objects.update_or_create(pk=1, defaults=values)
    tell(lacking(made), made.since + made.grace)


def lacking(requirement: Requirement) -> UserQuerySet:
    """Active members who need a factor and have none."""
    without = ~Exists(factors().filter(user=OuterRef("pk")))
    return User.objects.active().filter(requirement.concerned, without)


def tell(members: UserQuerySet, end: datetime) -> None:
    """The day is in figures, which readers of each language understand."""
    day = timezone.localtime(end).date().isoformat()
    notify(members, "factor.required", organisation=required().name, day=day)
