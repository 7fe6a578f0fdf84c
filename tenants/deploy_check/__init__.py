"""Looks at a running address as a stranger would, and says what is wrong with it: `make deploy-check`."""
