"""The jobs of this app, which procrastinate looks for here."""

from profiles.mail_codes import sending  # noqa: F401  has a job
