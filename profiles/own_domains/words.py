"""Each mistake in a sentence that says what to do about it."""

from django.utils.translation import gettext_lazy as _

from shared.dns_proofs import NOT_CHECKED, UNANSWERED, WORDS

PROOF = WORDS
ADDRESS = {
    NOT_CHECKED: WORDS[NOT_CHECKED],
    "no_name": _("This domain has no record that leads anywhere. Add the record that is shown here."),
    "elsewhere": _("This domain leads elsewhere: %(found)s"),
    "mixed": _("Some of the records lead elsewhere. Remove these: %(found)s"),
    "loop": _("The CNAME records of this domain lead in a circle, or there are too many."),
    UNANSWERED: WORDS[UNANSWERED],
}
