"""Refused: see flush."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = "it would print SQL that empties the directory of organisations. See `manage.py flush`."
