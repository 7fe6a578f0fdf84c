"""The pages that browser tests visit."""

BROWSED = {"public": ["/"]}
