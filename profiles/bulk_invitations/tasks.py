"""The jobs of this app, which procrastinate looks for here."""

from profiles.bulk_invitations import sending  # noqa: F401  has a job
