"""Signing in with a code that is mailed to the member's address."""
