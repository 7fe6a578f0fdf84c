"""Which hosts an organisation may add: clean(), which also mends what people paste."""

import re
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from profiles.own_domains.models import HOST, MAX_LENGTH, target
from shared.emails import ascii_domain

# Names that no public name server answers for, though a private one may: RFC 6761, 6762, 7686, 8375, 9476.
SPECIAL = ("localhost", "local", "internal", "onion", "invalid", "test", "alt", "arpa")
# Browsers read a name that ends in any kind of number as an IP address: https://url.spec.whatwg.org/#ends-in-a-number-checker
TOP_LEVEL = r"[a-z]{2,}|xn--[a-z0-9-]+"


def clean(typed: str) -> str:
    """The host that was typed or pasted, in lower case and ASCII. Raises ValidationError with a sentence."""
    host = ascii_of(bare(typed))
    if is_at_or_below(host, settings.BASE_DOMAIN) or host == target():
        words = _("Addresses below %(domain)s are ours. Change yours under General.")
        raise ValidationError(words, code="ours", params={"domain": settings.BASE_DOMAIN})
    if is_address(host):
        raise ValidationError(_("Enter a name, as people.example.com, not an IP address."), code="address")
    if not re.fullmatch(HOST, host) or not re.fullmatch(TOP_LEVEL, host.rpartition(".")[2]):
        raise ValidationError(_("This is not a domain. Enter one as people.example.com."), code="invalid")
    if len(host) > MAX_LENGTH:
        words = _("The domain can have at most %(number)d characters.")
        raise ValidationError(words, code="long", params={"number": MAX_LENGTH})
    if any(is_at_or_below(host, each) for each in (*SPECIAL, *settings.OWN_DOMAINS_REFUSED)):
        raise ValidationError(_("This domain is reserved and cannot be used."), code="reserved")
    return host


def bare(typed: str) -> str:
    """Without what a browser shows around it: https://people.example.com/start has the host people.example.com."""
    return re.sub(r"^[a-z]+://|[/?#].*$", "", typed.strip().lower()).removesuffix(".")


def ascii_of(host: str) -> str:
    """International labels as "xn--…"; what cannot be written so, or in two ways, stays and is refused."""
    try:
        return ascii_domain(host)
    except ValidationError:
        return host


def is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def is_at_or_below(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
