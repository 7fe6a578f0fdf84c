"""Notices to members: the bell, the list, what each member wants to hear of, and mail for what has not been read."""
