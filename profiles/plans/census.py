"""Figures for operators: by how many seats an organisation is over what it may have."""

from profiles.seats import used
from tenants.allowances import allowance


def seats_over() -> int:
    allowed = allowance("seats")
    return 0 if allowed is None else max(used() - allowed, 0)
