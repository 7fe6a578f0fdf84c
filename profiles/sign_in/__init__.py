"""Signing in: sessions, hand-off, passwords, e-mail addresses."""
