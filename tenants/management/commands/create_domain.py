"""Refused: the settings page changes addresses, and checks them."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = "an organisation’s address is changed on its settings page, which checks the rules for addresses."
