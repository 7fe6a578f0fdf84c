"""Nodes: what holds on any PostgreSQL. tests/nodes has what needs a cluster."""
