"""The one spelling of an email address: what is stored, looked for and compared, whatever was typed."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

LONGEST = 254  # Characters: https://www.rfc-editor.org/errata/eid1690
LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1
# A dot-atom of RFC 5322, 3.2.3, in ASCII. Django compares without case, and takes the Turkish i without a dot and the
# long s for letters from a to z: mail servers do not. Quoted local parts may hold control characters.
LOCAL = re.compile(r"[-!#$%&'*+/=?^_`{|}~0-9A-Za-z]+(\.[-!#$%&'*+/=?^_`{|}~0-9A-Za-z]+)*")
# What every stored address is, as far as PostgreSQL can tell it.
CANONICAL = r"^[!#-?A-~]+@[a-z0-9.:\[\]-]+\Z"
# Python's codec is IDNA 2003, which makes other domains of these than browsers do: UTS 46, section 7.
DEVIATIONS = frozenset("ßς\u200c\u200d")


def canonical_email(text: str) -> str:
    """The one spelling of an address: its domain in ASCII, everything in lower case.

    Raises ValidationError for what is no address, and for one whose spelling is ambiguous. An address in its canonical
    spelling stays as it is.
    """
    local, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    if not at:
        raise invalid()
    if not LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL:
        raise ValidationError(
            _("Before the @, an email address has letters from a to z, digits and a few signs. Check its spelling."),
            code="local",
        )
    address = f"{local.lower()}@{ascii_domain(domain)}"
    try:
        validate_email(address)
    except ValidationError:
        raise invalid() from None
    if len(address) > LONGEST:
        raise ValidationError(
            _("An email address has at most %(number)s characters."), code="long", params={"number": LONGEST}
        )
    return address


def ascii_domain(domain: str) -> str:
    """A domain as DNS has it. Raises ValidationError for one that has no such form, or two."""
    if domain.isascii():
        return domain.lower()
    if DEVIATIONS & set(domain):
        raise ValidationError(
            _("Write the part after the @ in its form with xn--: some of its letters can be read in two ways."),
            code="deviation",
        )
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise invalid() from None


def same_mailbox(text: str) -> str:
    """The spelling to look for: the canonical one, or the text in lower case where it is no address at all."""
    try:
        return canonical_email(text)
    except ValidationError:
        return text.strip().lower()


def invalid() -> ValidationError:
    return ValidationError(_("Enter a valid email address, such as name@example.com."), code="invalid")


class EmailField(forms.EmailField):
    """A form's field for an address; clean, it is in the canonical spelling."""

    default_validators = []

    def __init__(self, **options: object) -> None:
        super().__init__(**{"max_length": LONGEST, **options})  # type: ignore[arg-type]

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        return canonical_email(text) if text and "\0" not in text else text
