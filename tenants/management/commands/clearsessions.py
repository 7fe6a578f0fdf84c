"""Deletes expired sessions in all organisations, or in one."""

from django.contrib.sessions.management.commands import clearsessions

from tenants.management.inside import EverywhereCommand


class Command(EverywhereCommand, clearsessions.Command):
    pass
