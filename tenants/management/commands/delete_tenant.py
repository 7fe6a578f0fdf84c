"""Refused: use remove_organisation."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = (
        "`manage.py remove_organisation SLUG` removes an organisation with its role, files and jobs; "
        "its address stays taken."
    )
