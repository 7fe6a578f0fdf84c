"""The widest audience of profile fields: the organisation's choice, and the job that narrows members' choices."""

from typing import Any

from django.db import transaction

from profiles.models import Profile
from profiles.models.profile import HIDEABLE
from profiles.roles import Audience
from tenants.context import public, required
from tenants.events import emit
from tenants.tasks import tenant_task

BATCH = 1_000


@transaction.atomic
def allow(audiences: dict[str, str]) -> None:
    """Limit the audience that members can choose for each field. It applies at once on all pages.

    A job narrows the members' choices, which also removes hidden locations from the search. Raises ValidationError for
    an unknown audience, and KeyError for a field without one.
    """
    tenant = required()
    before = {name: tenant.widest(name) for name in HIDEABLE}
    tenant.audiences = audiences
    with public():
        tenant.save(update_fields=["audiences"])
    changes: dict[str, Any] = {f"{name}_seen_by": (before[name], audiences[name]) for name in HIDEABLE}
    emit("organisation.changed", tenant, **changes)
    narrow.defer()


@tenant_task(name="profiles.narrow", lock="narrow")
def narrow() -> None:
    """Narrow wider choices of members, in short transactions. A trigger removes their locations from the search."""
    for name in HIDEABLE:
        widest = required().widest(name)
        wider = Audience.values[: Audience.values.index(widest)]
        column = f"{name}_seen_by"
        having = Profile.objects.filter(**{f"{column}__in": wider}).order_by("pk").values_list("pk", flat=True)
        last = 0
        while wider and (some := list(having.filter(pk__gt=last)[:BATCH])):
            Profile.objects.filter(pk__in=some, **{f"{column}__in": wider}).update(**{column: widest})
            last = some[-1]
