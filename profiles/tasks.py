"""The jobs of this app, which procrastinate looks for here."""

from profiles.mail import delivery  # noqa: F401  has a job
from profiles.people import audiences  # noqa: F401  has a job
from profiles.sign_in import password_reset, verification  # noqa: F401  have jobs
