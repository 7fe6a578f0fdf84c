"""Connects what notes that a member signed in, on every process."""

from profiles.finding import remembering  # noqa: F401  has a receiver
