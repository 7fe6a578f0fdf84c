"""By when the viewer has to set up a second factor: it is part of the statement that loads the viewer."""

from datetime import datetime, timedelta

from django.db.models import (
    CharField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Greatest
from django.utils import timezone

from profiles.models import User
from profiles.required_factor.models import Requirement, Scope
from profiles.roles import MANAGERS
from profiles.two_factor.members import factors


def deadline() -> Subquery:
    """Null for members of whom none is required, and for those who have one."""
    role = ExpressionWrapper(OuterRef("role"), output_field=CharField())
    start = Greatest(F("since"), OuterRef("date_joined"), output_field=DateTimeField())
    grace = ExpressionWrapper(F("grace_days") * Value(timedelta(days=1)), output_field=DurationField())
    required = Requirement.objects.alias(role=role).filter(Q(scope=Scope.ALL) | Q(role__in=MANAGERS))
    lacking = required.filter(~Exists(factors().filter(user=OuterRef(OuterRef("pk")))))
    end = ExpressionWrapper(start + grace, output_field=DateTimeField())
    return Subquery(lacking.annotate(end=end).values("end"), output_field=DateTimeField())


def deadline_of(user: User) -> datetime | None:
    """As it was loaded with the request. A viewer who was not loaded by a session has none."""
    return getattr(user, "factor_deadline", None)


def is_over(user: User) -> bool:
    end = deadline_of(user)
    return end is not None and end <= timezone.now()
