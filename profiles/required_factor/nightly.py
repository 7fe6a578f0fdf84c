"""Members who have two or three days left, and no second factor yet, get another notice."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from profiles.required_factor.changes import lacking, tell
from profiles.required_factor.models import Requirement
from tenants.cleaning import nightly

DAY = timedelta(days=1)


@nightly
def remind() -> None:
    """The job runs once a day, so each member's time ends within these 24 hours on one of its runs."""
    requirement = Requirement.current()
    if requirement is None:
        return
    begun = timezone.now() + 2 * DAY - requirement.grace, timezone.now() + 3 * DAY - requirement.grace
    later = Q(date_joined__gt=max(begun[0], requirement.since), date_joined__lte=begun[1])
    is_now = begun[0] < requirement.since <= begun[1]
    members = Q(date_joined__lte=requirement.since) | later if is_now else later
    tell(lacking(requirement).filter(members), timezone.now() + 3 * DAY)
