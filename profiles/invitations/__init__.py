"""Invitations: sent, accepted, revoked."""
