"""The jobs of this app, which procrastinate looks for here."""

from profiles.joining import asking  # noqa: F401  has a job
