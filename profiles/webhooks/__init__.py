"""Webhooks: an organisation's events, sent to addresses of its choice."""
