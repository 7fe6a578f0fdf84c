"""For development: every component in every state, every mail, every error page, at /dev/."""
