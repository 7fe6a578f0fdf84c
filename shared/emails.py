"""The canonical spelling of email addresses, in which they are stored, looked up and compared."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

LONGEST = 254  # Characters: https://www.rfc-editor.org/errata/eid1690
LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1
# A dot-atom of RFC 5322, 3.2.3, in ASCII. Django's pattern ignores case, and so accepts the Turkish dotless i and the
# long s as letters from a to z; mail servers do not. Quoted local parts are excluded: they may have control characters.
LOCAL = re.compile(r"[-!#$%&'*+/=?^_`{|}~0-9A-Za-z]+(\.[-!#$%&'*+/=?^_`{|}~0-9A-Za-z]+)*")
# A pattern that every stored address matches, for PostgreSQL's constraints.
CANONICAL = r"^[!#-?A-~]+@[a-z0-9.:\[\]-]+\Z"
# Python's codec is IDNA 2003, which maps these characters to other domains than browsers do: UTS 46, section 7.
DEVIATIONS = frozenset("ßς\u200c\u200d")


def canonical_email(text: str) -> str:
    """The canonical spelling of an address: its domain in ASCII, everything in lower case.

    Raises ValidationError for an invalid address, and for one whose spelling is ambiguous. A canonical address does not
    change.
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
    """A domain in the form of DNS. Raises ValidationError if it has no such form, or two."""
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
    """The spelling for a look-up: the canonical one, or the text in lower case if it is not a valid address."""
    try:
        return canonical_email(text)
    except ValidationError:
        return text.strip().lower()


def counted_as(email: str) -> str:
    """The mailbox under which limits count mail to an address: without a subaddress ("ann+x@…"), of which each mailbox
    has any number. https://www.rfc-editor.org/rfc/rfc5233
    """
    local, at, domain = same_mailbox(email).rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def invalid() -> ValidationError:
    return ValidationError(_("Enter a valid email address, such as name@example.com."), code="invalid")


class EmailField(forms.EmailField):
    """A form field whose cleaned value is in the canonical spelling."""

    default_validators = []

    def __init__(self, **options: object) -> None:
        super().__init__(**{"max_length": LONGEST, **options})  # type: ignore[arg-type]

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        return canonical_email(text) if text and "\0" not in text else text


def email_field_like(field: forms.Field) -> EmailField:
    """In the place of a library's field, which refuses some spellings."""
    return EmailField(label=field.label, required=field.required, widget=field.widget, help_text=field.help_text)
