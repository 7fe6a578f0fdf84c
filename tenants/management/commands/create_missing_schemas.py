"""Refused: an empty schema would be no organisation."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = "a schema that is lost comes back from a backup, not as an empty one."
