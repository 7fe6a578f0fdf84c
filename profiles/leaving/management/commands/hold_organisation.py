"""Holds an organisation: nothing removes it until it is released."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from profiles.leaving.models import Hold
from tenants.context import public
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
        return release(tenant) if options["release"] else hold(tenant, options["reason"].strip())


def hold(tenant: Tenant, reason: str) -> str:
    if not 10 <= len(reason) <= 200:
        raise CommandError("Say why, in 10 to 200 characters: --reason TEXT.")
    with public():
        _, is_new = Hold.objects.update_or_create(tenant=tenant, defaults={"reason": reason})
    return f"{tenant.slug} is held." if is_new else f"{tenant.slug} was held already. The reason is changed."


def release(tenant: Tenant) -> str:
    with public():
        gone, _ = Hold.objects.filter(tenant=tenant).delete()
    if not gone:
        raise CommandError(f"{tenant.slug} is not held.")
    return f"{tenant.slug} is released. If an owner has deleted it and the time is over, it is removed within an hour."
