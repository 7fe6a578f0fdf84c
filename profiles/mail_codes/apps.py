"""A code by mail signs a member in, in place of the password."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Slot


class MailCodesConfig(Capability):
    name = "profiles.mail_codes"
    tenant_urls = "profiles.mail_codes.urls"
    limits = {
        "ask_for_code": {"address": (20, 60), "account_from_address": (5, 60)},
        "mail_code": {"account": (5, 3600)},
        "type_code": {"address": (20, 60)},
    }
    slots = {"sign_in": (Slot(template="profiles/mail_code_sign_in.html", order=20),)}
    audit_kinds = {"mail_code.used": _("Code from an email used for signing in")}
    exports = {"mail_codes.MailCode": "secret"}
