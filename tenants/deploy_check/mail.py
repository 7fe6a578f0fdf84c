"""The records by which mailboxes decide whether mail of the product is real."""

import re
from collections.abc import Iterable, Iterator

from tenants.deploy_check.asking import Site
from tenants.readiness.findings import Finding


def mail(site: Site, domain: str, selectors: Iterable[str]) -> Iterator[Finding]:
    """Of the domain of DEFAULT_FROM_EMAIL. DKIM's selectors cannot be found out: the mail service names them."""
    yield spf(site, domain)
    yield dmarc(site, domain)
    for selector in selectors:
        yield dkim(site, domain, selector)


def spf(site: Site, domain: str) -> Finding:
    """https://www.rfc-editor.org/rfc/rfc7208: one record, and no `+all`, by which anyone may send."""
    found = [text for text in site.texts(domain) if text.lower().startswith("v=spf1")]
    if len(found) != 1:
        return Finding("SPF", False, f"{domain} has {len(found)} records; has to be one")
    open_to_all = bool(re.search(r"(^|\s)\+?all\b", found[0]))
    return Finding("SPF", not open_to_all, found[0] if not open_to_all else f"{found[0]}: anyone may send")


def dmarc(site: Site, domain: str) -> Finding:
    """https://www.rfc-editor.org/rfc/rfc7489: the domain's own record, or that of the domain above."""
    for name in (domain, domain.partition(".")[2]):
        found = [text for text in site.texts(f"_dmarc.{name}") if text.lower().startswith("v=dmarc1")] if name else []
        if found:
            policy = re.search(r"(?i)\bp=(\w+)", found[0])
            is_strict = bool(policy) and policy[1].lower() in ("quarantine", "reject")  # type: ignore[index]
            return Finding("DMARC", is_strict, found[0] if is_strict else f"{found[0]}: refuses nothing")
    return Finding("DMARC", False, f"_dmarc.{domain} has no record")


def dkim(site: Site, domain: str, selector: str) -> Finding:
    """https://www.rfc-editor.org/rfc/rfc6376#section-3.6.1: an empty key is a revoked one."""
    name = f"{selector}._domainkey.{domain}"
    found = [text for text in site.texts(name) if re.search(r"\bp=[A-Za-z0-9+/]", text)]
    return Finding(f"DKIM {selector}", bool(found), "has a key" if found else f"{name} has no key")
