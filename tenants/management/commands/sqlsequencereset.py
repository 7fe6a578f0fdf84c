"""Prints SQL without schema names, which is valid in any schema on the search path."""

from django.core.management.commands import sqlsequencereset

from tenants.management.inside import EitherCommand


class Command(EitherCommand, sqlsequencereset.Command):
    pass
