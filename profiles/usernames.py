"""User names that are proposed to people who have not chosen one."""

import re
import unicodedata
from itertools import count

from profiles.models import User


def free_username(proposal: str) -> str:
    """A user name that nobody in this organisation has, near the local part of an address or a person's name."""
    local = unicodedata.normalize("NFKD", proposal.partition("@")[0]).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", local).strip("-")[:100] or "member"
    having = set(User.objects.filter(username__istartswith=base).values_list("username", flat=True))
    names = {name.lower() for name in having}
    return next(name for number in count(1) if (name := base if number == 1 else f"{base}-{number}") not in names)
