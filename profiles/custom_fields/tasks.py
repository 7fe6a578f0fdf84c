"""The jobs of this app, which procrastinate looks for here."""

from profiles.custom_fields import renewing  # noqa: F401  has a job
