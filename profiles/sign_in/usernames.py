"""Usernames that are proposed to people who have not chosen one."""

import re
import secrets
import unicodedata

from django.db.models.functions import Upper

from profiles.models import User

# After so many namesakes a number that nobody can guess is as good as the next one.
MOST_NUMBERS = 100


def first_username(proposal: str) -> str:
    """A username near the local part of an address or a person's name; free where there is nobody else."""
    local = unicodedata.normalize("NFKD", proposal.partition("@")[0]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", local).strip("-")[:100] or "member"


def free_username(proposal: str) -> str:
    """The same, or with a number behind it, so that nobody in this organisation has it."""
    base = first_username(proposal)
    names = [base, *(f"{base}-{number}" for number in range(2, MOST_NUMBERS + 1))]
    having = User.objects.alias(upper=Upper("username")).filter(upper__in=[name.upper() for name in names])
    taken = {username.lower() for username in having.values_list("username", flat=True)}
    return next((name for name in names if name not in taken), f"{base}-{secrets.randbelow(10**9)}")
