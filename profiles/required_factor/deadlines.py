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
from django.http import HttpRequest
from django.utils import timezone

from profiles.required_factor.models import Requirement, Scope
from profiles.roles import MANAGERS
from profiles.sign_in.session_store import OPERATOR
from profiles.two_factor.members import factors


def deadline() -> Subquery:
    """Null for members who need none, and for those who have one."""
    role = ExpressionWrapper(OuterRef("role"), output_field=CharField())
    start = Greatest(F("since"), OuterRef("date_joined"), output_field=DateTimeField())
    grace = ExpressionWrapper(F("grace_days") * Value(timedelta(days=1)), output_field=DurationField())
    required = Requirement.objects.alias(role=role).filter(Q(scope=Scope.ALL) | Q(role__in=MANAGERS))
    lacking = required.filter(~Exists(factors().filter(user=OuterRef(OuterRef("pk")))))
    end = ExpressionWrapper(start + grace, output_field=DateTimeField())
    return Subquery(lacking.annotate(end=end).values("end"), output_field=DateTimeField())


def deadline_of(request: HttpRequest) -> datetime | None:
    """The viewer's, as it was loaded with the session; visitors have none.

    Neither has an operator who is signed in as the member, who cannot set up the member's factor.
    """
    user = getattr(request, "user", None)  # The public site has none.
    if user is None or not user.is_authenticated or OPERATOR in request.session:
        return None
    return getattr(user, "factor_deadline", None)


def is_over(request: HttpRequest) -> bool:
    end = deadline_of(request)
    return end is not None and end <= timezone.now()
