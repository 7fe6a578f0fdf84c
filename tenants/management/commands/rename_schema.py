"""Refused: a schema keeps its name for ever."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = "a schema keeps its name for ever. An organisation's address is changed on its settings page."
