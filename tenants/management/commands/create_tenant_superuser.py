"""Refused: there are no superusers."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = (
        "organisations have no superusers. Create a user with role=Role.OWNER in `manage.py shell --tenant`."
    )
