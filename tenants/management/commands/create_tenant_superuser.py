"""Refused: nobody is a superuser."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = (
        "nobody is a superuser in an organisation. Create a user with role=Role.OWNER in `manage.py shell --tenant`."
    )
