"""Which domains an organisation may add: clean(), which also mends what people paste."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from profiles.mail_domains.models import DOMAIN, MAX_LENGTH
from profiles.mail_domains.providers import is_ours, is_public, is_refused
from shared.emails import ascii_domain


def clean(typed: str) -> str:
    """The domain that was typed, alone or with an address before it, in lower case and ASCII.

    Raises ValidationError with a sentence.
    """
    bare = re.sub(r"^https?://|[/?#].*$", "", typed.strip().lower()).rpartition("@")[2].removesuffix(".")
    try:
        domain = ascii_domain(bare)
    except ValidationError:
        domain = ""
    if len(domain) > MAX_LENGTH or not re.fullmatch(DOMAIN, domain) or domain.rpartition(".")[2].isdecimal():
        raise ValidationError(_("This is not a domain. Enter one as example.com."), code="invalid")
    if is_public(domain):
        words = _("Anyone can get an address at %(domain)s, so it cannot be an organisation's.")
        raise ValidationError(words, code="public", params={"domain": domain})
    if is_ours(domain) or is_refused(domain):
        raise ValidationError(_("This domain is reserved and cannot be used."), code="reserved")
    return domain
