"""From a request to its organisation: hosts, turns, connections, streams."""
