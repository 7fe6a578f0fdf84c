"""Webhooks: what is done in an organisation, sent to addresses of its choice."""
