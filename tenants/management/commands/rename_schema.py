"""Refused: a schema never changes its name."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = "a schema never changes its name. An organisation's address is changed on its settings page."
