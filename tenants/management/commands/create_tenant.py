"""Refused: sign_up() turns spares into organisations."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = (
        "organisations are made by signing up, or by tenants.organisations.sign_up.sign_up() in `manage.py shell`."
    )
