"""Idempotent forms: a form that is sent twice, by a double click, takes effect once."""
