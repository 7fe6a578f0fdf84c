"""Bulk actions on rows of the lists of people and invitations."""
