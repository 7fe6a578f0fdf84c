"""Announcements of the operators, above the pages of all or some organisations."""
