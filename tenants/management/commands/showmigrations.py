"""Lists the migrations of an organisation, or of public."""

from django.core.management.commands import showmigrations

from tenants.management.inside import EitherCommand


class Command(EitherCommand, showmigrations.Command):
    pass
