"""Gives all schemas the database roles that they lack."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tenants.append_only import restrict
from tenants.context import public
from tenants.isolation.database_roles import grant_rights, lay_ground
from tenants.models import Tenant


class Command(BaseCommand):
    help = (
        "Creates the role of each organisation and grants its rights. Needed after schemas were restored on another "
        "server, since a dump contains no roles, and if DATABASE_ROLES was off before. Can be run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DATABASE_ROLES:
            raise CommandError("DATABASE_ROLES is off: there are no roles to create.")
        lay_ground()
        with public():
            schemas = list(Tenant.objects.standing().values_list("schema_name", flat=True))
        for schema in schemas:
            grant_rights(schema)
            restrict(schema)
        if options["verbosity"] >= 1:
            self.stdout.write(f"{len(schemas)} schemas have their roles.")
