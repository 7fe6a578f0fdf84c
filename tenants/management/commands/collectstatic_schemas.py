"""Refused: static files are the same for all organisations."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = "style sheets and scripts are the same for all organisations: `manage.py collectstatic`."
