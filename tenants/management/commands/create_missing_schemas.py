"""Refused: an empty schema is not an organisation."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = "restore a lost schema from a backup; this command would create an empty one."
