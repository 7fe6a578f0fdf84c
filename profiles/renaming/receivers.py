"""Says which usernames are kept, to forms that ask for one."""

from typing import Any

from django.db.models import F
from django.dispatch import receiver

from profiles.models.user import usernames_wanted
from profiles.renaming.models import FormerName


@receiver(usernames_wanted)
def kept(names: list[str], member: int | None, **_kwargs: Any) -> set[str]:
    """Those that another member had until recently, in capitals."""
    return set(FormerName.objects.kept(*names).exclude(member=member or 0).values_list(F("name"), flat=True))
