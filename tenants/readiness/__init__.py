"""Readiness of the whole installation, for monitors."""
