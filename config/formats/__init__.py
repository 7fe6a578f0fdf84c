"""Formats of dates and times for locales whose formats in Django are not those in common use."""
