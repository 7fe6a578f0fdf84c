"""Passkeys: a way to sign in without a password, which counts as the second factor too."""
