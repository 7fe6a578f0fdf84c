"""The jobs of this app, which procrastinate looks for here."""

from profiles.finding import searching  # noqa: F401  has a job
