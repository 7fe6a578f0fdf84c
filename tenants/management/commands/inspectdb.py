"""Prints models of an organisation's tables, or of those of public."""

from django.core.management.commands import inspectdb

from tenants.management.inside import EitherCommand


class Command(EitherCommand, inspectdb.Command):
    pass
