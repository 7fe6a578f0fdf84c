"""Django's admin on an organisation's host, under the rules of profiles/roles.py."""
