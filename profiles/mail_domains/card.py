"""What stands below the sign-in form, where people with an address of a domain can join."""

from typing import Any

from profiles.mail_domains.proved import open_domains
from shared.lists import all_of


def join(_page: Any) -> dict[str, Any] | None:
    """The same for every visitor: the page does not know yet who reads it."""
    domains = open_domains()
    return {"endings": all_of([f"@{domain.shown}" for domain in domains])} if domains else None
