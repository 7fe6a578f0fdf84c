"""Backups of each organisation, encrypted with a key of its own, and sandboxes in which they are looked at."""
