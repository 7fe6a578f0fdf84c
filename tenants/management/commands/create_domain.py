"""Refused: addresses have rules."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = (
        "an organisation’s address is changed on its settings page, where the rules for addresses are kept."
    )
