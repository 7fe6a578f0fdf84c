"""Resets the second factor of a member when no one in the organisation can."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from profiles.models import User
from profiles.two_factor.resetting import reset_by_operator
from shared.emails import same_mailbox
from tenants.context import within
from tenants.management.lookup import tenant_named


class Command(BaseCommand):
    help = (
        "Takes away the second factors and recovery codes of a member who has lost them all, such as an organisation's "
        "only owner. They are signed out everywhere, get an email, and sign in with the password alone. Be sure first "
        "who asks for it: another owner or an admin can do the same on the member's page."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", required=True, help="The organisation, by slug or schema name.")
        parser.add_argument("member", help="The member's username or email address.")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant, typed = tenant_named(options["tenant"]), options["member"]
        with within(tenant):
            member = User.objects.filter(Q(username__iexact=typed) | Q(email=same_mailbox(typed))).first()
            if member is None:
                raise CommandError(f"{tenant.slug} has no member {typed!r}.")
            try:
                reset_by_operator(member)
            except ValidationError as error:
                raise CommandError(error.messages[0]) from error
        self.stdout.write(f"{member.name} ({member.get_role_display()} of {tenant.slug}) has no second factor now.")
