"""Connects the receivers of sign-ins."""

from profiles.sessions import devices  # noqa: F401  has a receiver
