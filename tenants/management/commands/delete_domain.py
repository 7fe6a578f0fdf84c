"""Refused: former addresses lead on."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = (
        "a former address leads to the organisation, and the primary one is where it lives. `manage.py "
        "remove_organisation SLUG --release-address` gives addresses back."
    )
