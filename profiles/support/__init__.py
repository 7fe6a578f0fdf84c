"""Operators sign in as a member for support: with the organisation's consent, a reason, and an end."""
