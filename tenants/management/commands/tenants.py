"""Lists the organisations of this installation."""

from typing import Any

from django.core.management.base import BaseCommand

from tenants.context import public
from tenants.models import Tenant


class Command(BaseCommand):
    help = "Lists all organisations: slug, schema, state, and whether the schema is at the state of the code."

    def handle(self, *args: Any, **options: Any) -> None:
        with public():
            for tenant in Tenant.objects.order_by("state", "slug", "pk"):
                level = "-" if tenant.state in Tenant.GONE else "up to date" if tenant.is_complete else "behind"
                where = f"{tenant.slug or '-':<24} {tenant.schema_name:<20}"
                self.stdout.write(f"{where} {tenant.state:<10} {level}  {tenant.name}")
