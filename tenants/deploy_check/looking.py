"""What is looked at. Each check yields findings; what cannot be asked is a finding too."""

import re
import secrets
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from tenants.deploy_check.asking import Answer, Site
from tenants.readiness.findings import Finding

SOON_DAYS = 14
YEAR = 31_536_000
# Paths that lead nowhere in production, or tell strangers nothing.
CLOSED = ("/metrics", "/dev/mail/", "/.env", "/admin/")
HEADERS = {
    "x-frame-options": r"(?i)deny|sameorigin",
    "x-content-type-options": r"(?i)nosniff",
    "referrer-policy": r"(?i)same-origin|strict-origin|no-referrer",
}


def tls(site: Site) -> Iterator[Finding]:
    certificate, version = site.certificate(site.host)
    days = int((ssl.cert_time_to_seconds(certificate["notAfter"]) - datetime.now(UTC).timestamp()) / 86_400)
    yield Finding("TLS", version in ("TLSv1.2", "TLSv1.3"), version)
    yield Finding("certificate", days > SOON_DAYS, f"valid for {days} more days")


def wildcard(site: Site) -> Iterator[Finding]:
    """Organisations have hosts below the base domain, so any name there leads here, with a certificate. A proxy that
    gets certificates on demand has one for each organisation, and ends connections to names that no one has.
    """
    if site.organisation:
        yield from organisation(site, f"{site.organisation}.{site.host}")
    try:
        site.certificate(stranger(site))
    except ssl.SSLCertVerificationError:
        raise
    except ssl.SSLError as error:
        words = f"a made-up name gets no certificate ({error.reason})"
        advice = (
            "" if site.organisation else ". If certificates are got on demand, name an organisation: --organisation"
        )
        yield Finding("unknown organisation", bool(site.organisation), words + advice)
        return
    yield Finding("organisations' hosts", True, f"any name below {site.host} leads here with a valid certificate")
    answer = site.get("/", host=stranger(site))
    yield Finding("unknown organisation", answer.status == 404, f"answered with {answer.status}; has to be 404")


def organisation(site: Site, host: str) -> Iterator[Finding]:
    site.certificate(host)
    answer = site.get("/account/login/", host=host)
    yield Finding("an organisation's host", answer.status == 200, f"{host} answered with {answer.status}")


def redirect(site: Site) -> Iterator[Finding]:
    if site.http_port is None:
        return
    answer = site.get_plain("/")
    target = answer.headers.get("location", "")
    is_well = answer.status in (301, 307, 308) and target.startswith("https://")
    yield Finding("http", is_well, f"redirects to {target}" if is_well else f"answered with {answer.status}, not https")


def headers(site: Site) -> Iterator[Finding]:
    found = site.get("/").headers
    age = re.search(r"max-age=(\d+)", found.get("strict-transport-security", ""))
    yield Finding("HSTS", bool(age and int(age[1]) >= YEAR), found.get("strict-transport-security", "is missing"))
    policy = found.get("content-security-policy", "")
    strict = bool(policy) and "unsafe" not in policy and re.search(r"(default|script)-src[^;]*\*(?!\.)", policy) is None
    yield Finding("Content-Security-Policy", strict, "allows no inline code" if strict else policy or "is missing")
    for name, pattern in HEADERS.items():
        yield Finding(name, bool(re.fullmatch(pattern, found.get(name, ""))), found.get(name, "is missing"))
    yield Finding("request id", "x-request-id" in found, found.get("x-request-id", "X-Request-ID is missing"))


def cookies(site: Site) -> Iterator[Finding]:
    """Of pages that a stranger can open."""
    sent = [cookie for path in ("/", "/sign-up/") for cookie in site.get(path).cookies]
    for name, cookie in {cookie.partition("=")[0]: cookie.lower() for cookie in sent}.items():
        missing = [word for word in ("secure", "httponly", "samesite") if word not in cookie]
        missing += [] if name.startswith("__Host-") else ["the prefix __Host-"]
        yield Finding(f"cookie {name}", not missing, f"without {', '.join(missing)}" if missing else "well guarded")


def hosts(site: Site) -> Iterator[Finding]:
    """A host that is not ours must not be served, nor be repeated: links in mails and caches would lead there."""
    answer = site.get("/", header="stranger.invalid")
    is_well = answer.status in (400, 404, 421) and "stranger.invalid" not in repeated(answer)
    yield Finding("another Host header", is_well, f"answered with {answer.status}")


def repeated(answer: Answer) -> str:
    return answer.body + answer.headers.get("location", "")


def health(site: Site) -> Iterator[Finding]:
    alive, ready = site.get("/health/"), site.get("/health/all/")
    yield Finding("health", alive.status == 200, f"answered with {alive.status}")
    yield Finding("readiness", ready.status == 200, f"answered with {ready.status}: {ready.body.strip()[:20]}")
    quiet = ready.body.strip() in ("ready", "needs attention", "not ready")
    yield Finding("readiness to strangers", quiet, "says nothing more" if quiet else "tells details without the token")


def closed(site: Site) -> Iterator[Finding]:
    for path in CLOSED:
        answer = site.get(path)
        yield Finding(path, answer.status == 404, f"answered with {answer.status}; has to be 404")
    missing = site.get("/no-such-page/")
    is_quiet = "DEBUG = True" not in missing.body and "Traceback" not in missing.body
    yield Finding("error pages", is_quiet, "tell nothing" if is_quiet else "show settings: DEBUG is on")


def static_files(site: Site) -> Iterator[Finding]:
    page = site.get("/")
    style = re.search(r'href="(/static/[^"]+\.css)"', page.body)
    if not style:
        yield Finding("style sheet", False, "the front page names none")
        return
    answer = site.get(style[1])
    kept = answer.headers.get("cache-control", "")
    is_well = answer.status == 200 and "immutable" in kept
    yield Finding("style sheet", is_well, f"answered with {answer.status}, Cache-Control: {kept or 'none'}")


def stranger(site: Site) -> str:
    """A host that no organisation has."""
    return f"check-{secrets.token_hex(6)}.{site.host}"


CHECKS: tuple[tuple[str, Callable[[Site], Iterator[Finding]]], ...] = (
    ("TLS", tls),
    ("organisations' hosts", wildcard),
    ("http", redirect),
    ("headers", headers),
    ("cookies", cookies),
    ("another Host header", hosts),
    ("health", health),
    ("closed paths", closed),
    ("style sheet", static_files),
)
