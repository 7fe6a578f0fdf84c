"""Shows mail that could not be sent, and has it sent again."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from profiles.mail.unsent import resend, unsent
from tenants.context import public, within
from tenants.management.inside import organisation_named
from tenants.models import Tenant


class Command(BaseCommand):
    help = (
        "Lists mail that has been tried for a day and could not be sent. It is kept for "
        f"{settings.KEPT_DAYS['mail']} days. With --resend it is queued for another day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="Only this organisation, by slug or schema name.")
        parser.add_argument("--resend", action="store_true", help="Queue it again.")

    def handle(self, *args: Any, **options: Any) -> None:
        with public():
            active = Tenant.objects.active().order_by("slug")
            tenants = [organisation_named(options["tenant"])] if options["tenant"] else list(active)
        total = sum(self.work_in(tenant, queue=options["resend"]) for tenant in tenants)
        self.stdout.write(f"{total} messages are queued again." if options["resend"] else f"{total} messages.")

    def work_in(self, tenant: Tenant, *, queue: bool) -> int:
        """How many there are in one organisation."""
        with within(tenant):
            if queue:
                return resend()
            mails = unsent()
            for mail in mails:
                self.stdout.write(f"{tenant.slug}  {mail.created:%Y-%m-%d %H:%M}  {mail.to}  {mail.subject}")
            return len(mails)
