"""The jobs of this app, which procrastinate looks for here."""

from profiles.bulk_actions import changes  # noqa: F401  has a job
