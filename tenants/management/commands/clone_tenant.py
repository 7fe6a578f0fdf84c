"""Refused: schemas are copies of the template."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = "schemas are copies of the template alone; see tenants.schemas.spares.make_spare()."
