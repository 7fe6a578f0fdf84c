"""Refused: guardian's command cleans tables that are not used here."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = (
        "guardian's generic tables are not used. A right on an object points to it by a foreign key, and is deleted "
        "with it."
    )
