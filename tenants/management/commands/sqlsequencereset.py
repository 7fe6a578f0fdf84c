"""Prints SQL that names no schema: it is right in whichever is on the search path."""

from django.core.management.commands import sqlsequencereset

from tenants.management.inside import EitherCommand


class Command(EitherCommand, sqlsequencereset.Command):
    pass
