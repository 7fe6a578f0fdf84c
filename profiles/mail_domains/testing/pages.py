"""What the addresses and forms of email domains are about, and which pages are looked at."""

from collections.abc import Callable

from django.utils import timezone

from profiles.mail_domains.models import MailDomain
from profiles.models import User
from tenants.context import public, required

# Statements on this table are counted by the tests of this app.
COUNTED = ("mail_domains_maildomain",)
FORMS = {
    "add_mail_domain": {"domain": "customer.example"},
    "mail_domain_joining": {"joins": "at_once", "role": "reader"},
    "join_by_domain": {"name": "Nora New", "email": "nora@old.example"},
}
SHOWING = ["/settings/email-domains/"]
BROWSED = {"owner": ["/settings/email-domains/", "/settings/email-domains/add/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    """A domain that is proved, and whose people can ask to join."""
    tenant = required()
    with public():
        domain = MailDomain.objects.create(
            tenant=tenant, domain="old.example", proved=timezone.now(), error="", joins=MailDomain.Joins.REQUEST
        )
    names = ("mail_domain", "check_mail_domain", "mail_domain_joining", "remove_mail_domain")
    return dict.fromkeys(names, lambda _user: [domain.pk])
