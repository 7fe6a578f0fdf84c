"""What the landing page and the member's menu show of the organisations that this browser remembers."""

from typing import Any

from profiles.finding.remembering import address_of, remembered
from tenants.context import current


def known(page: Any) -> dict[str, Any] | None:
    """All of them, on the public site."""
    slugs = remembered(page["request"]) if page.get("request") else []
    return {"known": [address_of(slug) for slug in slugs]} if slugs else None


def others(page: Any) -> dict[str, Any] | None:
    """All but the one whose page this is."""
    tenant = current()
    slugs = [slug for slug in remembered(page["request"]) if tenant is None or slug != tenant.slug]
    return {"others": [address_of(slug) for slug in slugs]} if slugs else None
