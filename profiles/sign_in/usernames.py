"""Usernames for people who have not chosen one."""

import re
import secrets
import unicodedata

from django.db.models.functions import Upper

from profiles.models import User
from profiles.models.user import kept_usernames

# After so many namesakes, a random number is used instead of the next one.
MOST_NUMBERS = 100


def first_username(proposal: str) -> str:
    """A username made from an address's local part or a person's name, whether it is free or not."""
    local = unicodedata.normalize("NFKD", proposal.partition("@")[0]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", local).strip("-")[:100] or "member"


def free_username(proposal: str) -> str:
    """The same, with a number added if a member of this organisation has it."""
    base = first_username(proposal)
    numbered = [f"{base}-{number}" for number in range(2, MOST_NUMBERS + 1)]
    return first_free([base]) or first_free(numbered) or f"{base}-{secrets.randbelow(10**9)}"


def first_free(names: list[str]) -> str:
    """The first of these that no member of this organisation has; "" if there is none."""
    having = User.objects.alias(upper=Upper("username")).filter(upper__in=[name.upper() for name in names])
    taken = {username.upper() for username in having.values_list("username", flat=True)} | kept_usernames(names)
    return next((name for name in names if name.upper() not in taken), "")
