"""Signing in: sessions, hand-off, passwords, email addresses."""
