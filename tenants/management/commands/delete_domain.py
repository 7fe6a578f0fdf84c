"""Refused: former addresses redirect."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = (
        "former addresses redirect to the organisation, and it is served at the primary one. `manage.py "
        "remove_organisation SLUG --release-address` makes addresses available again."
    )
