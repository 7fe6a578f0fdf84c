"""The jobs of this app, which procrastinate looks for here."""

from profiles.leaving import ending, telling  # noqa: F401  have jobs
