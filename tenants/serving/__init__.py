"""Serving a request in its organisation: host look-up, turns, connections, streams."""
