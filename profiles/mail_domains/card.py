"""What stands below the sign-in form, where people with an address of a domain can join."""

from typing import Any

from profiles.mail_domains.proved import endings, open_domains


def join(_page: Any) -> dict[str, Any] | None:
    """The same for every visitor: the page does not know yet who reads it."""
    domains = open_domains()
    return {"endings": endings(domains)} if domains else None
