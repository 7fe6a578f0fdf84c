"""Refused: migrate handles all schemas."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    help = instead = "`manage.py migrate` brings public, the template and all organisations up to date."
