"""The jobs of this app, which procrastinate looks for here."""

from profiles.webhooks import delivering  # noqa: F401  has jobs
