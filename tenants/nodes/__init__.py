"""Organisations on more than one server, by Citus: placed on a node, moved, taken back (docs/nodes.md)."""
