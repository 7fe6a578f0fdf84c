"""A gallery for development at /dev/: every component in every state, every mail and every error page."""
