"""Citus, really run: a coordinator and two workers on this machine, by `make test-nodes`."""
