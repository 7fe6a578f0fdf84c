"""Notifications of members: the bell, the list, their preferences, and mail for unread ones."""
