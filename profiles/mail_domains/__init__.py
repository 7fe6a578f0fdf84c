"""Domains of an organisation's email addresses: proved by DNS, they let people with such an address join."""
