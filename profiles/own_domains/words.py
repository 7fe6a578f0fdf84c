"""Each mistake in a sentence that says what to do about it."""

from django.utils.translation import gettext_lazy as _

from profiles.own_domains.models import NOT_CHECKED

PROOF = {
    NOT_CHECKED: _("Not checked yet."),
    "no_proof": _("There is no TXT record with this name. New records can take an hour to be seen everywhere."),
    "other_proof": _("There is a TXT record with this name, but it has another value: %(found)s"),
    "proof_at_host": _("The value is at the domain itself. Give the TXT record the name that is shown here."),
    "proof_doubled": _(
        "The record is at %(found)s. Your DNS provider adds the domain by itself: leave it out of the name."
    ),
    "taken": _("Another organisation has proved this domain and uses it. It has to remove it first."),
    "unanswered": _("The name servers of this domain did not answer. We try again within the hour."),
}
ADDRESS = {
    NOT_CHECKED: _("Not checked yet."),
    "no_name": _("This domain has no record that leads anywhere. Add the record that is shown here."),
    "elsewhere": _("This domain leads elsewhere: %(found)s"),
    "mixed": _("Some of the records lead elsewhere. Remove these: %(found)s"),
    "loop": _("The CNAME records of this domain lead in a circle, or there are too many."),
    "unanswered": _("The name servers of this domain did not answer. We try again within the hour."),
}
