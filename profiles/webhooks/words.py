"""Sentences for the outcome of a message."""

from django.utils.translation import gettext_lazy as _

ERRORS = {
    "status": _("The answer was an error."),
    "redirect": _("The answer was a redirect. Redirects are not followed."),
    "timeout": _("There was no answer within 7 seconds."),
    "name": _("The host name does not exist."),
    "not_public": _("The address is not public."),
    "connection": _("No connection could be made."),
    "certificate": _("The certificate is not valid for this host."),
    "tls": _("No encrypted connection could be made."),
    "answer": _("The answer could not be read."),
    "secret": _("The signing secret cannot be read. Renew it."),
    "off": _("The webhook is switched off."),
    "lost": _("The message came with an import and was not sent."),
    "port": _("The port is not allowed."),
    "scheme": _("The address has to begin with https://."),
}


def error_in_words(error: str) -> str:
    return str(ERRORS.get(error, _("The address is not valid.") if error else ""))
