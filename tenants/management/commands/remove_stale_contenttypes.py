"""Refused: content types have the same ids in all organisations."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = (
        "content types have the same ids in all organisations. Delete those of a removed model "
        "in a migration, by RunPython or RunSQL."
    )
