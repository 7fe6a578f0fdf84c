"""Holds an organisation: nothing removes it until it is released."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from profiles.leaving.changes import hold, release
from tenants.management.organisation import OrganisationCommand
from tenants.models import Tenant


class Command(OrganisationCommand):
    help = (
        "A legal hold: keeps an organisation from being removed, by its owners, by time or by remove_organisation. Its "
        "pages are served as before, or stay suspended."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--reason", default="", help="Why, for other operators, in 200 characters. No names.")
        parser.add_argument("--release", action="store_true", help="Release it.")

    def do(self, tenant: Tenant, options: dict[str, Any]) -> str:
        if tenant.state not in (Tenant.State.ACTIVE, Tenant.State.SUSPENDED):
            raise CommandError(f"{tenant.slug or tenant.schema_name} is {tenant.state}, and cannot be held.")
        return released(tenant) if options["release"] else held(tenant, options["reason"].strip())


def held(tenant: Tenant, reason: str) -> str:
    if not 10 <= len(reason) <= 200:
        raise CommandError("Say why, in 10 to 200 characters: --reason TEXT.")
    is_new = hold(tenant, reason=reason)
    return f"{tenant.slug} is held." if is_new else f"{tenant.slug} was held already. The reason is changed."


def released(tenant: Tenant) -> str:
    if not release(tenant):
        raise CommandError(f"{tenant.slug} is not held.")
    return f"{tenant.slug} is released. If an owner has deleted it and the time is over, it is removed within an hour."
