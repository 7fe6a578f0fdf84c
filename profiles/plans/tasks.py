"""The jobs of this app, which procrastinate looks for here."""

from profiles.plans import ending  # noqa: F401  has jobs
