"""Errors are reported to Sentry, or a server with its interface, by SENTRY_DSN."""
