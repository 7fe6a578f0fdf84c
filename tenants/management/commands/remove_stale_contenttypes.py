"""Refused: ids are the same everywhere."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = (
        "content types have the same ids in all organisations. Delete those of a model that is gone "
        "in a migration, by RunPython or RunSQL."
    )
