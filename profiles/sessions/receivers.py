"""Connects what happens at a sign-in."""

from profiles.sessions import devices  # noqa: F401  has a receiver
